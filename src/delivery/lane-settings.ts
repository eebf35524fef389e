import type { AcceptanceWindow, BatchLimits } from '../sdk/batch.ts';

/** How one lane batches and sends. */
export interface LaneSettings {
  readonly limits: BatchLimits;
  readonly window: AcceptanceWindow | undefined;
  readonly outsideWindow: 'restamp' | 'drop';
  readonly maxAgeMs: number;
  readonly concurrency: number;
  /** Deadline of one request, in milliseconds. */
  readonly deadlineMs: number;
  /** Most bytes of events that the lane holds; it takes no more until some are settled. */
  readonly maxHeldBytes: number;
  /** Lines that were received longer ago than this, in milliseconds, are dropped; undefined: none are. */
  readonly maxBacklogMs: number | undefined;
  /** Whether services are told, in their own stream, which of their lines were dropped or lost. */
  readonly announces: boolean;
  /** Whether events are kept whole while they wait: its templates read journal fields that are a line's own. */
  readonly keepsEvents: boolean;
}
