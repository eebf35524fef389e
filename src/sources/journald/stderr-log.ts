import type { Logger } from '#sdk';

const maxKnownLines = 100;

/** Passes on what journalctl complains about (files that it ignores, say), each complaint once. */
export class StderrLog {
  readonly #logger: Logger;
  readonly #known = new Set<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(line: string): void {
    if (this.#known.has(line) || this.#known.size >= maxKnownLines) return;
    this.#known.add(line);
    this.#logger.warn({ journalctl: line }, 'journalctl complains');
  }
}
