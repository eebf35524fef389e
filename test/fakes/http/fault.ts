import type { FakeRequest, FakeVerdict } from './exchange.ts';

/**
 * How a fake misbehaves on one request. The second half happens after the service took the events: they are in `received`
 * and the sender can't know.
 */
export type Fault =
  /** Resets the connection once the request is read. */
  | { readonly kind: 'reset' }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Answers with this status, whatever was asked. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly headers?: AnswerHeaders }
  /** Answers with a proxy's page and status 200. */
  | { readonly kind: 'html' }
  /** Answers with something that is not HTTP. */
  | { readonly kind: 'garbage' }
  /** Judges the request in the service's stead; undefined: the service judges after all. */
  | { readonly kind: 'instead'; readonly serve: (request: FakeRequest) => FakeVerdict | undefined }
  | { readonly kind: 'accept, then hang' }
  | { readonly kind: 'accept, then reset' }
  /** Announces a longer answer than it sends, then closes. */
  | { readonly kind: 'accept, then truncate' }
  /** Sends its answer a byte at a time and never ends it. */
  | { readonly kind: 'accept, then trickle' }
  /** Answers with JSON of another service. */
  | { readonly kind: 'accept, then answer nonsense' };

type AnswerHeaders = Readonly<Record<string, string>>;

/** Faults that end at once: what chaos draws from unless told otherwise. */
export const quickFaults: readonly Fault[] = [
  { kind: 'reset' },
  { kind: 'accept, then reset' },
  { kind: 'accept, then truncate' },
  { kind: 'html' },
  { kind: 'garbage' },
  { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
];
