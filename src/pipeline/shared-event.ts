import { encodeEvent, type Encoding } from '../event/encode.ts';
import type { LogEvent } from '../event/event.ts';
import type { Verdict } from '../event/verdict.ts';
import { longestKeptLength } from '../sdk/event-memory.ts';
import type { FeedEvent } from '../sdk/feed.ts';

/** An event as all lanes share it: each encoding is made when the first lane asks, and kept unless it is huge. */
export class SharedEvent implements FeedEvent {
  readonly event: LogEvent;
  readonly verdict: Verdict;
  readonly sequences: readonly number[];
  readonly joinKey: string | undefined;
  #structured: string | undefined;
  #merged: string | undefined;

  constructor(event: LogEvent, verdict: Verdict, sequences: readonly number[], joinKey: string | undefined) {
    this.event = event;
    this.verdict = verdict;
    this.sequences = sequences;
    this.joinKey = joinKey;
  }

  text(encoding: Encoding): string {
    if (this.event.raw.length > longestKeptLength) return encodeEvent(this.event, encoding);
    switch (encoding) {
      case 'structured':
        return (this.#structured ??= encodeEvent(this.event, encoding));
      case 'merged':
        return (this.#merged ??= encodeEvent(this.event, encoding));
      case 'message':
        return encodeEvent(this.event, encoding);
    }
  }
}
