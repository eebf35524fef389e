import type { Batch } from '#sdk';

/** The part of a stream that is needed; `process.stdout` has it. */
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** `stopped`: the signal was aborted while the other side did not read. An error ends a stream for good. */
export type Written = 'taken' | 'stopped' | Error;

interface Write {
  readonly entries: Batch['entries'];
  readonly outcome: Promise<'taken' | Error>;
}

/** The lane sends the same entries again, if maybe in another batch. */
const isOf = ({ entries }: Write, { entries: others }: Batch): boolean =>
  entries.length === others.length && entries[0] === others[0] && entries.at(-1) === others.at(-1);

const unlessStopped = async <Outcome>(work: Promise<Outcome>, signal: AbortSignal): Promise<Outcome | 'stopped'> => {
  if (signal.aborted) return 'stopped';
  const { promise: stopped, resolve } = Promise.withResolvers<'stopped'>();
  const stop = (): void => resolve('stopped');
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

/** Failed writes say so themselves; without a listener the stream's own event would end the process. */
const alreadyTold = (): void => undefined;

/**
 * Writes one batch at a time and waits until the other side has taken it, so that a slow reader costs no memory. A write
 * can't be called back: a batch that comes again after it was stopped waits for its first write and does not appear twice.
 */
export class Output {
  readonly #stream: OutputStream;
  /** The write whose outcome nobody has seen yet. */
  #unseen: Write | undefined;

  constructor(stream: OutputStream) {
    this.#stream = stream;
    stream.on('error', alreadyTold);
  }

  async write(batch: Batch, text: string, signal: AbortSignal): Promise<Written> {
    if (this.#unseen !== undefined && !isOf(this.#unseen, batch)) {
      const other = await unlessStopped(this.#unseen.outcome, signal);
      if (other === 'stopped') return other;
      this.#unseen = undefined;
    }
    if (signal.aborted) return 'stopped';
    this.#unseen ??= { entries: batch.entries, outcome: this.#start(text) };
    const written = await unlessStopped(this.#unseen.outcome, signal);
    if (written !== 'stopped') this.#unseen = undefined;
    return written;
  }

  /** Lets go of the stream, which is the process's and stays open. May be called twice. */
  release(): void {
    const last = this.#unseen?.outcome ?? Promise.resolve('taken');
    void last.then(() => this.#stream.removeListener('error', alreadyTold));
  }

  async #start(text: string): Promise<'taken' | Error> {
    return await new Promise((resolve) => {
      this.#stream.write(text, (error) => resolve(error ?? 'taken'));
    });
  }
}
