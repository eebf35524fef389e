import type { Clock } from '../platform/clock.ts';
import { truncate } from './columns.ts';
import type { Terminal } from './terminal.ts';

/** Where nothing can be rewritten, a line is said this often. */
const sayEveryMs = 10_000;

/** Control sequences of ECMA-48: to the first column, and erase to the end of the line. */
const rewrite = '\r\u001b[K';

/** Says how far something is: one line that is rewritten on a terminal, else a line every some seconds. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  #saidAtMs = Number.NEGATIVE_INFINITY;
  #isOpen = false;

  constructor(terminal: Terminal, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
  }

  /** @param text one line, without control characters. */
  say(text: string): void {
    const { errColumns, err } = this.#terminal;
    if (errColumns !== undefined) {
      err(`${rewrite}${truncate(text, errColumns - 1)}`);
      this.#isOpen = true;
      return;
    }
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#saidAtMs < sayEveryMs) return;
    this.#saidAtMs = nowMs;
    err(`${text}\n`);
  }

  /** Leaves the terminal at the beginning of a line. May be called twice. */
  end(): void {
    if (this.#isOpen) this.#terminal.err(rewrite);
    this.#isOpen = false;
  }
}
