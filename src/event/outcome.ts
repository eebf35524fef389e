import { dropReasons, type DropReason } from './drop-reason.ts';

/**
 * How an event ended in a lane. `uncertain`: the service took the batch, refused some of it and did not say which.
 */
export type Outcome = 'delivered' | 'uncertain' | DropReason;

/** Every outcome; a settled record stores its index here plus one, so that 0 can mean "pending". */
export const outcomes: readonly Outcome[] = ['delivered', 'uncertain', ...dropReasons];
