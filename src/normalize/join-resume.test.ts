import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { LogRecord } from '../event/record.ts';
import { Joiner } from './join.ts';
import type { Joined } from './open-line.ts';
import { streamKeyOf } from './stream-key.ts';
import { dockerFields, receivedUs, testRecord } from './test-record.ts';

/** What a destination got of a line. */
interface Shipped {
  readonly sequences: readonly number[];
  readonly message: string;
  readonly complete: boolean;
}

/** A lane's saved state: everything below `cursor` is settled, and of each stream everything up to an identity. */
interface Checkpoint {
  readonly cursor: number;
  readonly skip: ReadonlyMap<string, string>;
}

const options = { maxMessageBytes: 7, maxOpenLines: 100, maxOpenBytes: 1e6 };

const shippedOf = ({ record, sequences, complete }: Joined): Shipped => ({
  sequences,
  message: record.fields.get('MESSAGE') ?? '',
  complete,
});

/** What is closed when all has been read. */
const flushAll = (joiner: Joiner): readonly Shipped[] => {
  const flushed = joiner.flush(Infinity).map(shippedOf);
  return flushed.length === 0 ? [] : [...flushed, ...flushAll(joiner)];
};

const ship = (journal: readonly LogRecord[], end: number, { cursor, skip }: Checkpoint): Shipped[] => {
  const joiner = new Joiner(options);
  const skipped = new Map(skip);
  const shipped: Shipped[] = [];
  for (let sequence = cursor; sequence < end; sequence += 1) {
    const record = journal[sequence] as LogRecord;
    const key = streamKeyOf(record) ?? '';
    if (skipped.has(key)) {
      if (skipped.get(key) === record.position.id()) skipped.delete(key);
      continue;
    }
    const accepted = joiner.accept(record, sequence);
    shipped.push(...accepted.closed.map(shippedOf));
    if (accepted.kind === 'joined') shipped.push(shippedOf(accepted.joined));
    const message = record.fields.get('MESSAGE') ?? '';
    if (accepted.kind === 'single') shipped.push({ sequences: [sequence], message, complete: true });
  }
  return end === journal.length ? [...shipped, ...flushAll(joiner)] : shipped;
};

/** In a stream lines are delivered in order, so that what is settled of it has no holes. */
const checkpointOf = (journal: readonly LogRecord[], end: number, settled: ReadonlySet<number>): Checkpoint => {
  let cursor = 0;
  while (cursor < end && settled.has(cursor)) cursor += 1;
  const skip = new Map<string, string>();
  for (let sequence = cursor; sequence < end; sequence += 1) {
    const record = journal[sequence] as LogRecord;
    const key = streamKeyOf(record);
    if (key !== undefined && settled.has(sequence)) skip.set(key, record.position.id());
  }
  return { cursor, skip };
};

/** Of each stream, its last `inFlight` lines are not acknowledged yet when the agent is killed. */
const withoutInFlight = (journal: readonly LogRecord[], shipped: readonly Shipped[], inFlight: number): Shipped[] => {
  const left = new Map<string, number>();
  return shipped.toReversed().filter(({ sequences }) => {
    const key = streamKeyOf(journal[sequences[0] ?? 0] as LogRecord) ?? '';
    left.set(key, (left.get(key) ?? inFlight) - 1);
    return (left.get(key) ?? 0) < 0;
  });
};

const byId = (shipped: readonly Shipped[]): Map<number, Shipped> =>
  new Map(shipped.map((line) => [line.sequences[0] ?? -1, line]));

type Fields = Record<string, string>;
type Writer = (message: string, place: { line: number; ordinal: number; last: boolean; alone: boolean }) => Fields;

const docker =
  (more: Fields): Writer =>
  (MESSAGE, { line, ordinal, last, alone }) => ({
    ...dockerFields,
    ...more,
    MESSAGE,
    ...(!alone && {
      CONTAINER_PARTIAL_ID: `${more['CONTAINER_ID_FULL']} ${more['PRIORITY']} ${line}`,
      CONTAINER_PARTIAL_ORDINAL: String(ordinal),
      CONTAINER_PARTIAL_LAST: String(last),
    }),
  });

const oldDocker: Writer = (MESSAGE, { last }) => ({
  ...dockerFields,
  _COMM: 'conmon',
  CONTAINER_ID_FULL: 'old',
  MESSAGE,
  ...(!last && { CONTAINER_PARTIAL_MESSAGE: 'true' }),
});

const service: Writer = (MESSAGE, { last }) => ({
  _TRANSPORT: 'stdout',
  _STREAM_ID: 's1',
  _PID: '7',
  MESSAGE,
  ...(!last && { _LINE_BREAK: 'line-max' }),
});

const writers: readonly Writer[] = [
  docker({ CONTAINER_ID_FULL: 'a', PRIORITY: '6' }),
  docker({ CONTAINER_ID_FULL: 'a', PRIORITY: '3' }),
  docker({ CONTAINER_ID_FULL: 'b', PRIORITY: '6' }),
  oldDocker,
  service,
  (MESSAGE) => ({ _TRANSPORT: 'syslog', MESSAGE }),
];

const line = fc.record({
  pieces: fc.array(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
  killed: fc.boolean(),
});

/** Each writer's pieces in its own order; a killed one never writes the last of a line. */
const piecesOf = (writer: Writer, lines: readonly { pieces: string[]; killed: boolean }[]): Fields[] =>
  lines.flatMap(({ pieces, killed }, number) => {
    const alone = pieces.length === 1;
    const all = pieces.map((message, index) =>
      writer(message, { line: number, ordinal: index + 1, last: index === pieces.length - 1, alone }),
    );
    return killed && !alone ? all.slice(0, -1) : all;
  });

const journal = fc
  .record({
    lines: fc.tuple(...writers.map(() => fc.array(line, { maxLength: 4 }))),
    order: fc.infiniteStream(fc.nat(writers.length - 1)),
    pausesMs: fc.infiniteStream(fc.constantFrom(0, 1, 40, 2000, 5000, 6000)),
  })
  .map(({ lines, order, pausesMs }) => {
    const queues = lines.map((ofWriter, index) => piecesOf(writers[index] as Writer, ofWriter));
    const records: LogRecord[] = [];
    let timeUs = receivedUs;
    while (queues.some((queue) => queue.length > 0)) {
      const from = order.next().value as number;
      const fields = queues[from]?.shift() ?? queues.find((queue) => queue.length > 0)?.shift() ?? {};
      timeUs += (pausesMs.next().value as number) * 1000;
      records.push(testRecord(fields, { receivedUs: timeUs, id: `id ${records.length}` }));
    }
    return records;
  });

const fromStart: Checkpoint = { cursor: 0, skip: new Map() };

test('joins are the same wherever the agent is killed and resumes', () => {
  fc.assert(
    fc.property(journal, fc.nat(2), (records, inFlight) => {
      const undisturbed = byId(ship(records, records.length, fromStart));
      for (let killedAt = 0; killedAt <= records.length; killedAt += 1) {
        const before = withoutInFlight(records, ship(records, killedAt, fromStart), inFlight);
        const settled = new Set(before.flatMap(({ sequences }) => sequences));
        const after = ship(records, records.length, checkpointOf(records, killedAt, settled));
        expect(byId([...before, ...after])).toEqual(undisturbed);
        const again = after.filter(({ sequences }) => sequences.some((sequence) => settled.has(sequence)));
        expect(again.filter(({ sequences }) => streamKeyOf(records[sequences[0] ?? 0] as LogRecord))).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});

test('every record is in exactly one line, and lines of a stream come in order', () => {
  fc.assert(
    fc.property(journal, (records) => {
      const shipped = ship(records, records.length, fromStart);
      const sequences = shipped.flatMap((one) => one.sequences);
      expect(sequences.toSorted((a, b) => a - b)).toEqual(records.map((_, index) => index));
      const byStream = Map.groupBy(sequences, (sequence) => streamKeyOf(records[sequence] as LogRecord) ?? '');
      for (const own of byStream.values()) expect(own).toEqual(own.toSorted((a, b) => a - b));
    }),
  );
});
