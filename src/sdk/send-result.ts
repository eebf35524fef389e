/** An event of the batch, by its index in the batch as sent, that the service refused for good. */
export interface Rejection {
  readonly index: number;
  /** The service's own words, without secrets. */
  readonly reason: string;
  /** Why, where the service says so; `rejected` otherwise. */
  readonly as?: 'rejected' | 'too old' | 'too new' | 'too large';
}

/** Whether a failure concerns the whole destination or only this batch's key (one group, one topic). */
export type FailureScope = 'destination' | 'batch';

/**
 * What became of a batch. An adapter classifies, it never retries: the lane does that, with back-off and without end
 * while the source holds the line.
 */
export type SendResult =
  /** Every event is with the service, as safely as `acknowledges` says. */
  | { readonly status: 'delivered' }
  /** A verdict per event: those neither rejected nor to be retried were delivered. */
  | { readonly status: 'partial'; readonly rejected: readonly Rejection[]; readonly retry: readonly number[] }
  /** The service refused some and does not say which; nothing can be sent again. */
  | { readonly status: 'accepted'; readonly rejectedUnknown: number; readonly reason: string }
  /** The same bytes may succeed later: throttled, unavailable, unreachable, timed out. */
  | { readonly status: 'retry'; readonly scope: FailureScope; readonly reason: string; readonly retryAfterMs?: number }
  /** Credentials, rights or quota: wait, keep everything, say so. */
  | { readonly status: 'denied'; readonly scope: FailureScope; readonly reason: string }
  /** Too large as a whole: the lane halves it; a single event is rejected. */
  | { readonly status: 'split'; readonly reason: string }
  /** Refused because of its content: the lane bisects until the poison event is alone. */
  | { readonly status: 'rejected'; readonly reason: string };

export const delivered: SendResult = { status: 'delivered' };
