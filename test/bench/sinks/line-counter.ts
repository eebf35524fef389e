import type { Arrivals } from './sink.ts';

const newline = 0x0a;

/** Counts events of which nothing is known but that each is a line. */
export class LineCounter {
  #events = 0;

  get arrivals(): Arrivals {
    return { events: this.#events };
  }

  /** Counts the lines that end in `bytes`. */
  addLines(bytes: Buffer): void {
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, end + 1)) this.#events += 1;
  }
}
