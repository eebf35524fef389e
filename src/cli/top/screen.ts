import { writeSync } from 'node:fs';

type Keyboard = typeof process.stdin;
type Display = typeof process.stdout;

/** xterm's control sequences, known to every terminal of today. */
const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';
/** Terminals that know it (mode 2026) show a frame at once; the others ignore it. */
const beginFrame = '\u001b[?2026h\u001b[H';
const endFrame = '\u001b[J\u001b[?2026l';
const clearLine = '\u001b[K';

export interface ScreenHandlers {
  readonly onInput: (input: string) => void;
  /** Its size has changed, or something else was on it. */
  readonly onStale: () => void;
}

/** A terminal's alternate screen with its keyboard; whatever ends the process, the terminal is as it was before. */
export class Screen {
  readonly #input: Keyboard;
  readonly #output: Display;
  readonly #handlers: ScreenHandlers;
  #shown = '';
  #isOpen = false;

  constructor(input: Keyboard, output: Display, handlers: ScreenHandlers) {
    this.#input = input;
    this.#output = output;
    this.#handlers = handlers;
  }

  get size(): { readonly width: number; readonly height: number } {
    const { columns, rows } = this.#output;
    return { width: columns, height: rows };
  }

  open(): void {
    this.#isOpen = true;
    process.on('exit', this.#restore);
    process.on('SIGCONT', this.#onContinued);
    this.#output.on('resize', this.#onResized);
    this.#input.setRawMode(true).setEncoding('utf8').on('data', this.#handlers.onInput).resume();
    this.#output.write(enter);
  }

  /** Shows lines from the top, over what was there, in one write; nothing when nothing has changed. */
  show(lines: readonly string[]): void {
    const text = lines.map((line) => line + clearLine).join('\r\n');
    if (text === this.#shown || !this.#isOpen) return;
    this.#shown = text;
    this.#output.write(beginFrame + text + endFrame);
  }

  /** May be called twice. */
  close(): void {
    process.off('exit', this.#restore);
    process.off('SIGCONT', this.#onContinued);
    this.#output.off('resize', this.#onResized);
    this.#input.off('data', this.#handlers.onInput).pause();
    this.#restore();
  }

  /** Written at once, since a process that exits waits for nothing. A terminal that is gone needs nothing. */
  readonly #restore = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#input.setRawMode(false);
      writeSync(this.#output.fd, leave);
    } catch {
      // The terminal is gone.
    }
  };

  readonly #onResized = (): void => {
    this.#shown = '';
    this.#handlers.onStale();
  };

  readonly #onContinued = (): void => {
    this.#input.setRawMode(true);
    this.#output.write(enter);
    this.#onResized();
  };
}
