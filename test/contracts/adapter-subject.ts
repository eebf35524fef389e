import type {
  AdapterContext,
  AdapterManifest,
  Batch,
  BatchEntry,
  BatchLimits,
  LogEvent,
  Sender,
  SendResult,
} from '#sdk';
import { systemClock } from '../../src/platform/clock.ts';
import { batchEntryOf } from '../support/batch-entry.ts';
import { encodable } from '../support/events.ts';

/** Configuration of a destination as YAML would give it. */
export type RawOptions = Readonly<Record<string, unknown>>;

/** Where a subject's events go during a test: a fake service, a folder. */
export interface SoundTarget {
  /** Options that lead there. */
  readonly options: RawOptions;
  /** How many events have arrived, repetitions included. */
  received(): number | Promise<number>;
  close(): Promise<void>;
}

/** An adapter as the conformance suite sees it. */
export interface AdapterSubject {
  readonly manifest: AdapterManifest;
  /** What its sender needs of its host besides the usual: an environment, say. */
  readonly context?: Partial<AdapterContext>;
  /** Starts something that takes everything that is within the documented limits, and nothing else. */
  start(): Promise<SoundTarget>;
  /** Absent for adapters that use no network. */
  readonly network?: {
    /** Valid options that lead to `url`, which may be anything; they hold `secret`. */
    options(url: string): RawOptions;
    /** What must never show in a result or in the log. */
    readonly secret: string;
  };
}

/** A sender made as the pipeline makes it, and what it said to its logger. */
export interface OpenedSender {
  readonly sender: Sender;
  readonly limits: BatchLimits;
  readonly said: readonly string[];
}

/** Parses options and opens a sender with them. */
export const openSender = async (
  manifest: AdapterManifest,
  raw: RawOptions,
  context: Partial<AdapterContext> = {},
): Promise<OpenedSender> => {
  const said: string[] = [];
  const say = (fields: object, message: string): void => {
    said.push(JSON.stringify([fields, message]));
  };
  const options = manifest.options.parse(raw);
  const adapter = await manifest.load();
  const sender = adapter.createSender(options, {
    destination: manifest.name,
    host: 'host-1',
    encoding: 'structured',
    logger: { debug: say, info: say, warn: say, error: say },
    clock: systemClock,
    environment: {},
    ...context,
  });
  return { sender, limits: manifest.limits(options), said };
};

/** The entry that the lane would make of an event; undefined where the adapter finds nothing to send or too much. */
const entryOf = ({ sender, limits }: OpenedSender, event: LogEvent): BatchEntry | undefined => {
  const text = sender.encode(encodable(event));
  if (text === undefined || Buffer.byteLength(text) > limits.maxEventBytes) return undefined;
  return batchEntryOf(event, text);
};

const sizeOf = (entries: readonly BatchEntry[], limits: BatchLimits): number =>
  entries.reduce((sum, entry) => sum + entry.bytes + limits.overheadPerEvent, limits.overheadPerBatch);

const fits = (entries: readonly BatchEntry[], limits: BatchLimits): boolean =>
  entries.length <= limits.maxEvents && sizeOf(entries, limits) <= limits.maxBytes;

/** A batch of these entries, as the lane would describe it. */
export const batchOf = (key: string, entries: readonly BatchEntry[], limits: BatchLimits): Batch => ({
  key,
  entries,
  bytes: sizeOf(entries, limits),
});

/** Events as batches within the declared limits: each key's in order, each batch as full as it can be. */
export const batchesOf = (opened: OpenedSender, events: readonly LogEvent[]): readonly Batch[] => {
  const open = new Map<string, BatchEntry[]>();
  const full: Batch[] = [];
  for (const event of events) {
    const entry = entryOf(opened, event);
    if (entry === undefined) continue;
    const key = opened.sender.batchKey(encodable(event));
    const entries = open.get(key) ?? [];
    if (fits([...entries, entry], opened.limits)) open.set(key, [...entries, entry]);
    else {
      full.push(batchOf(key, entries, opened.limits));
      open.set(key, [entry]);
    }
  }
  return [...full, ...[...open].map(([key, entries]) => batchOf(key, entries, opened.limits))];
};

const mostAttempts = 10;

/** Sends until the result is not "again", as the lane would: what is created on demand takes more than one attempt. */
export const deliver = async (sender: Sender, batch: Batch): Promise<SendResult> => {
  const { signal } = new AbortController();
  let result = await sender.send(batch, signal);
  for (let attempt = 1; attempt < mostAttempts && result.status === 'retry'; attempt += 1) {
    result = await sender.send(batch, signal);
  }
  return result;
};
