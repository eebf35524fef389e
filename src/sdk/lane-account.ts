import type { DropReason, LossReason } from '../event/drop-reason.ts';
import type { Outcome } from '../event/outcome.ts';
import type { ServiceLoss } from './feed.ts';

/** Drops and losses of a service that its own stream was not told of yet. */
export interface Unannounced {
  readonly service: string;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  readonly lost: Readonly<Partial<Record<LossReason, number>>>;
  /** How many it was told of before: what tells one announcement from another. */
  readonly toldBefore: number;
}

/** A lane's side of the ledger. */
export interface LaneAccount {
  /** The feed handed over one record of the service, and told what is missing before it. */
  read(service: string, losses: readonly ServiceLoss[]): void;
  /** One record, of the service that it was read as, is no longer the lane's to deliver. */
  passed(service: string, losses: readonly ServiceLoss[]): void;
  /** One record of the service was settled. */
  settled(service: string, outcome: Outcome): void;
  /** What is to be announced now. */
  unannounced(): readonly Unannounced[];
  /** The service's own stream was told. */
  announced(told: Unannounced): void;
}

/** What is counted elsewhere already. */
export const uncounted: LaneAccount = {
  read: () => undefined,
  passed: () => undefined,
  settled: () => undefined,
  unannounced: () => [],
  announced: () => undefined,
};

export const noLosses: readonly ServiceLoss[] = [];
