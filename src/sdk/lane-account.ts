import type { Outcome } from '../event/outcome.ts';

/**
 * A lane's side of the ledger. Live counters tell what happened in this process; committed ones are for exactly the
 * records below the checkpoint's cursors, so that after any crash they are a function of the source's prefix.
 */
export interface LaneAccount {
  /** The feed handed over one record of the service. */
  read(service: string): void;
  /** One record of the service was settled. */
  settled(service: string, outcome: Outcome): void;
  /** One record below the low-water mark: as it was read. */
  commitRead(service: string): void;
  /** One record below the low-water mark: as it was settled. */
  commitSettled(service: string, outcome: Outcome): void;
}
