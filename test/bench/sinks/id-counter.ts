import { journalIdLength } from '../../../src/event/event-id.ts';
import { IdSet } from './id-set.ts';
import type { Arrivals } from './sink.ts';

const newline = 0x0a;
/** As every event begins in the structured encoding; inside of a text its quotes would be escaped. */
const idStart = '"info":{"id":"';
const idStartBytes = Buffer.from(idStart);

/** Counts events by their ids, one event to a line, without parsing them and without making a string of any. */
export class IdCounter {
  readonly #ids = new IdSet(journalIdLength);
  readonly #id = Buffer.alloc(journalIdLength);
  #events = 0;

  get arrivals(): Arrivals {
    return { events: this.#events, uniqueIds: this.#ids.size };
  }

  /** @throws when the event has no id: that is a bug of what sent it. */
  add(event: string): void {
    const at = event.indexOf(idStart);
    if (at < 0) throw new Error(`an event without an id arrived: ${event.slice(0, 200)}`);
    this.#id.write(event.slice(at + idStart.length, at + idStart.length + journalIdLength), 'latin1');
    this.#ids.add(this.#id, 0);
    this.#events += 1;
  }

  /** Counts whole lines and returns the rest of the bytes, which belong to a line that goes on. */
  addLines(bytes: Buffer): Buffer {
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      this.#addLine(bytes, start, end);
      start = end + 1;
    }
    return bytes.subarray(start);
  }

  #addLine(bytes: Buffer, start: number, end: number): void {
    const at = bytes.indexOf(idStartBytes, start);
    if (at < 0 || at > end) throw new Error(`an event without an id arrived: ${bytes.toString('utf8', start, end)}`);
    this.#ids.add(bytes, at + idStartBytes.length);
    this.#events += 1;
  }
}
