import { encodeEvent, type Encoding } from '../event/encode.ts';
import type { LogEvent } from '../event/event.ts';
import type { Verdict } from '../event/verdict.ts';
import type { FeedEvent } from '../sdk/feed.ts';

/** An event as all lanes share it: each encoding is made when the first lane asks, and kept. */
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
