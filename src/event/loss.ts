import type { LossReason } from './drop-reason.ts';

/** Whose lines are missing, in the source's words. */
export type LossOwner =
  | { readonly kind: 'unknown' }
  /** Whoever the record that tells of the loss is of. */
  | { readonly kind: 'this record' }
  /** `docker.service` */
  | { readonly kind: 'unit'; readonly unit: string }
  | { readonly kind: 'kernel' };

/** Lines that are missing from a source: others lost them before they could be read. */
export interface Loss {
  readonly reason: LossReason;
  readonly count: number;
  readonly owner: LossOwner;
}
