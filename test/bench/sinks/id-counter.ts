import { journalIdLength } from '../../../src/event/event-id.ts';
import type { Arrivals } from './sink.ts';

const newline = 0x0a;
/** As every event begins in the structured encoding; inside of a text its quotes would be escaped. */
const idStart = '"info":{"id":"';

/** Counts events by their ids, one event to a line, without parsing them. */
export class IdCounter {
  readonly #ids = new Set<string>();
  #events = 0;

  get arrivals(): Arrivals {
    return { events: this.#events, uniqueIds: this.#ids.size };
  }

  /** @throws when the event has no id: that is a bug of what sent it. */
  add(event: string): void {
    const at = event.indexOf(idStart);
    if (at < 0) throw new Error(`an event without an id arrived: ${event.slice(0, 200)}`);
    this.#ids.add(event.slice(at + idStart.length, at + idStart.length + journalIdLength));
    this.#events += 1;
  }

  /** Counts whole lines and returns the rest of the bytes, which belong to a line that goes on. */
  addLines(bytes: Buffer): Buffer {
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      this.add(bytes.toString('latin1', start, end));
      start = end + 1;
    }
    return bytes.subarray(start);
  }
}
