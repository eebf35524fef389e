import type { Outcome } from '../event/outcome.ts';

/** A lane's side of the ledger. */
export interface LaneAccount {
  /** The feed handed over one record of the service. */
  read(service: string): void;
  /** One record, of the service that it was read as, is no longer the lane's to deliver. */
  passed(service: string): void;
  /** One record of the service was settled. */
  settled(service: string, outcome: Outcome): void;
}
