import type {
  Loss,
  LogRecord,
  RecordPosition,
  Source,
  SourceCapacity,
  SourceCheck,
  SourceMessage,
  StartPoint,
} from '#sdk';
import { isLineField } from '../../src/event/record.ts';
import { eventTimeUs, fieldsOf } from './events.ts';

/** A record as a test writes it: journal fields. */
export type NumberedRecord = Readonly<Record<string, string>>;

/** Records are newer than any virtual clock, so that no join is closed because nothing follows. */
const aheadUs = eventTimeUs + 30 * 86_400_000_000;

const positionOf = (number: number, beginsUs: number): RecordPosition => ({
  source: 'numbered',
  shard: '',
  receivedUs: beginsUs + number * 1000,
  cursor: () => `n${number}`,
  id: () => `id-${String(number).padStart(9, '0')}`,
});

/** Records with the same values of all fields but a line's own have the same of these, as a journal's readers have it. */
const writers = new Map<string, object>();

const writerOf = (record: NumberedRecord): object => {
  const common = Object.entries(record).filter(([name]) => !isLineField(name));
  const key = JSON.stringify(common);
  const writer = writers.get(key) ?? {};
  writers.set(key, writer);
  return writer;
};

const recordOf = (number: number, record: NumberedRecord, beginsUs: number): LogRecord => ({
  position: positionOf(number, beginsUs),
  fields: { ...fieldsOf(record), common: writerOf(record) },
  bytes: Object.values(record).reduce((sum, value) => sum + value.length, 100),
  truncatedBytes: 0,
});

/**
 * A source in memory that holds the contract: any number of readers, each from its own cursor, that wait for what is
 * appended later. `readers` counts how often reading was begun.
 */
export class NumberedSource implements Source {
  readonly name = 'numbered';
  readonly replay = 'any';
  readonly overflow = 'wait';
  readonly shards = [''];
  readers = 0;
  /** Readings that have not ended. */
  open = 0;
  /** Records that a reader gets before it stalls. */
  readable = Infinity;
  readonly #beginsUs: number;
  readonly #records: NumberedRecord[] = [];
  readonly #losses = new Map<number, readonly Loss[]>();
  /** What it says that it holds. */
  held: SourceCapacity | undefined;
  #listeners: (() => void)[] = [];

  /** @param beginsUs when the source received the first record, in microseconds since the epoch. */
  constructor(beginsUs = aheadUs) {
    this.#beginsUs = beginsUs;
  }

  append(...records: readonly NumberedRecord[]): void {
    this.#records.push(...records);
    for (const wake of this.#listeners.splice(0)) wake();
  }

  /** The next record that is appended tells of these losses. */
  lose(...losses: readonly Loss[]): void {
    this.#losses.set(this.#records.length, losses);
  }

  /** What can be seen of it; an error is what a check says. */
  seen: SourceCheck | Error = {
    description: 'numbered records',
    warnings: [],
    hidden: undefined,
    gapDetection: { state: 'on', rewound: undefined },
  };

  check(): Promise<SourceCheck> {
    return this.seen instanceof Error ? Promise.reject(this.seen) : Promise.resolve(this.seen);
  }

  capacity(): Promise<SourceCapacity | undefined> {
    return Promise.resolve(this.held);
  }

  resolveStart(): Promise<StartPoint> {
    return Promise.resolve({ kind: 'beginning' });
  }

  async *read(start: ReadonlyMap<string, StartPoint>, signal: AbortSignal): AsyncGenerator<SourceMessage> {
    this.readers += 1;
    const from = start.get('');
    let next = this.#indexOf(from);
    const chunk = 10;
    this.open += 1;
    try {
      while (!signal.aborted) {
        const records = this.#records
          .slice(next, Math.min(next + chunk, this.readable))
          .map((record, index) => this.#recordOf(next + index, record));
        next += records.length;
        if (records.length > 0) yield { kind: 'records', records };
        else await this.#appended(signal);
      }
    } finally {
      this.open -= 1;
    }
  }

  head() {
    const last = this.#records.length - 1;
    return Promise.resolve(last < 0 ? undefined : { position: positionOf(last, this.#beginsUs) });
  }

  recordsBetween(cursor: string, head: RecordPosition): number {
    return Number(head.cursor().slice(1)) - Number(cursor.slice(1));
  }

  receivedUsOf(cursor: string): number {
    return this.#beginsUs + Number(cursor.slice(1)) * 1000;
  }

  #indexOf(from: StartPoint | undefined): number {
    if (from?.kind === 'after') return Number(from.cursor.slice(1)) + 1;
    if (from?.kind === 'since') return Math.max(0, Math.ceil((from.timeUs - this.#beginsUs) / 1000));
    return 0;
  }

  #recordOf(number: number, record: NumberedRecord): LogRecord {
    const losses = this.#losses.get(number);
    return { ...recordOf(number, record, this.#beginsUs), ...(losses !== undefined && { losses }) };
  }

  #appended(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#listeners.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
