import type { LogRecord, RecordPosition } from '../../event/record.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Source, SourceHead, SourceMessage, StartPoint } from '../../sdk/source.ts';
import type { FeedSource } from '../feed.ts';
import type { Span } from './span.ts';
import type { TokenBucket } from './token-bucket.ts';

export interface SpanSourceOptions {
  readonly source: Source;
  readonly span: Span;
  /** Charged by whoever looks at what was read. */
  readonly bucket: TokenBucket;
  /** Records handed over at a time: the bucket is looked at between. */
  readonly atOnce: number;
  /** Receive time of the first record of the oldest line that waits for more pieces; undefined when none does. */
  readonly oldestOpenUs: () => number | undefined;
  /** Whether this reading is one that ends with the span. One for keys that are set aside has to come as far as another. */
  readonly ends: () => boolean;
  readonly clock: Clock;
}

/** How often it is looked whether all there is has been read, and whether a reading that came to its end is to go on. */
const lookEveryMs = 500;

/**
 * What a feed reads of a source for a replay: slowly, and up to the end of the span, or a little farther where a line that
 * began within goes on beyond. Serves one reading.
 */
export class SpanSource implements FeedSource {
  readonly #options: SpanSourceOptions;
  readonly #newest = new Map<string, RecordPosition>();
  #isAtHead = false;

  constructor(options: SpanSourceOptions) {
    this.#options = options;
  }

  get shards(): readonly string[] {
    return this.#options.source.shards;
  }

  /** True when nothing of the span is left to be read. */
  get isOver(): boolean {
    const { span, ends, oldestOpenUs } = this.#options;
    // A line that began within the span is read to its end; others may stay open.
    const isWhole = (oldestOpenUs() ?? Infinity) > span.untilUs;
    return ends() && isWhole && (this.#isAtHead || this.#isBeyond);
  }

  /** Hands over what there is of the span, then waits until `signal` aborts, as every source does. */
  async *read(start: ReadonlyMap<string, StartPoint>, signal: AbortSignal): AsyncGenerator<SourceMessage> {
    const left = new AbortController();
    void this.#lookForHead(start, AbortSignal.any([signal, left.signal]));
    try {
      for await (const message of this.#options.source.read(start, signal)) {
        if (message.kind === 'records') yield* this.#slices(message.records, signal);
        else yield message;
      }
    } finally {
      left.abort();
    }
  }

  receivedUsOf(cursor: string): number | undefined {
    return this.#options.source.receivedUsOf?.(cursor);
  }

  async head(signal: AbortSignal): Promise<SourceHead | undefined> {
    return await this.#options.source.head(signal);
  }

  get #isBeyond(): boolean {
    const { untilUs } = this.#options.span;
    return this.shards.every((shard) => (this.#newest.get(shard)?.receivedUs ?? 0) > untilUs);
  }

  async *#slices(records: readonly LogRecord[], signal: AbortSignal): AsyncGenerator<SourceMessage> {
    const { atOnce, bucket, clock } = this.#options;
    for (let from = 0; from < records.length; from += atOnce) {
      while (this.isOver && !signal.aborted) await clock.sleep(lookEveryMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      const slice = records.slice(from, from + atOnce);
      for (const { position } of slice) this.#newest.set(position.shard, position);
      yield { kind: 'records', records: slice };
      await bucket.ready(signal).catch(() => undefined);
    }
  }

  /** A source that has nothing more to say at the moment may not go on within the span: only its newest record tells. */
  async #lookForHead(start: ReadonlyMap<string, StartPoint>, signal: AbortSignal): Promise<void> {
    const { source, span, clock } = this.#options;
    while (!signal.aborted && !this.#isAtHead) {
      await clock.sleep(lookEveryMs, signal).catch(() => undefined);
      if (signal.aborted || clock.now() * 1000 < span.untilUs) continue;
      // What is wrong with a source, reading it says.
      const found = await source.head(signal).then(
        (head) => ({ head }),
        () => undefined,
      );
      this.#isAtHead = found !== undefined && this.#hasReached(found.head, start);
    }
  }

  #hasReached(head: SourceHead | undefined, start: ReadonlyMap<string, StartPoint>): boolean {
    if (head === undefined) return true;
    const { position } = head;
    const newest = this.#newest.get(position.shard);
    if (newest !== undefined) return newest.id() === position.id();
    const from = start.get(position.shard);
    if (from?.kind === 'after') return from.cursor === position.cursor();
    return from?.kind === 'since' && position.receivedUs < from.timeUs;
  }
}
