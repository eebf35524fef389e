import { encodeEvent, type Encoding } from '../event/encode.ts';
import type { LogEvent } from '../event/event.ts';
import type { Verdict } from '../event/verdict.ts';
import { longestKeptLength } from '../sdk/event-memory.ts';
import type { FeedEvent, JoinedEvent } from '../sdk/feed.ts';

/** An event as all lanes share it: each encoding is made when the first lane asks, and kept unless it is huge. */
export class SharedEvent implements FeedEvent {
  readonly event: LogEvent;
  readonly verdict: Verdict;
  #structured: string | undefined;
  #merged: string | undefined;

  constructor(event: LogEvent, verdict: Verdict) {
    this.event = event;
    this.verdict = verdict;
  }

  text(encoding: Encoding, front = ''): string {
    if (front !== '') return this.#withFront(encoding, front);
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

  /** Of one lane alone, so that it is not kept. */
  #withFront(encoding: Encoding, front: string): string {
    const known = { structured: this.#structured, merged: this.#merged, message: undefined };
    const text = known[encoding];
    return text === undefined ? encodeEvent(this.event, encoding, front) : `{${front}${text.slice(1)}`;
  }
}

/** The same of an event that was joined. */
export class SharedJoinedEvent extends SharedEvent implements JoinedEvent {
  readonly pieces: readonly number[];

  constructor(event: LogEvent, verdict: Verdict, pieces: readonly number[]) {
    super(event, verdict);
    this.pieces = pieces;
  }
}
