import { seededRandom } from '../bench/random.ts';
import type { NativeEntry } from '../rigs/journald/native-socket.ts';

/** A line that a scenario writes, known by its number; as a container logs it. */
export interface ChaosLine {
  readonly number: number;
  readonly service: string;
  /** Whose lines keep their order: a container. */
  readonly stream: string;
  readonly text: string;
  /** Entries of the journal that it becomes: more than one where dockerd cuts it. */
  readonly pieces: number;
}

const serviceNames = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
const streamsPerService = 2;
/** Of a hundred lines, those that come in pieces. */
const cutPerHundred = 8;

/** Line `number` of the run with this seed. */
export const chaosLine = (number: number, seed: number, mayBeCut: boolean): ChaosLine => {
  const random = seededRandom(seed * 1_000_003 + number);
  const upTo = (limit: number): number => Math.floor(random() * limit);
  const service = serviceNames[upTo(serviceNames.length)] ?? '';
  return {
    number,
    service,
    stream: `${service}-${1 + upTo(streamsPerService)}`,
    // Long enough for the number to lie in the first piece.
    text: `[n=${number}] ${'x'.repeat(80 + upTo(200))}.`,
    pieces: mayBeCut && upTo(100) < cutPerHundred ? 2 + upTo(3) : 1,
  };
};

const containerId = (name: string): string => Buffer.from(name.padEnd(32, '.')).toString('hex');

/** A line's entries as dockerd's journald driver sends them (moby, daemon/logger/journald/journald.go). */
export const entriesOf = ({ number, stream, text, pieces }: ChaosLine): readonly NativeEntry[] => {
  const id = containerId(stream);
  const fields = { PRIORITY: '6', CONTAINER_ID: id.slice(0, 12), CONTAINER_ID_FULL: id, CONTAINER_NAME: stream };
  if (pieces === 1) return [{ ...fields, MESSAGE: text }];
  const size = Math.ceil(text.length / pieces);
  return Array.from({ length: pieces }, (_, index) => ({
    ...fields,
    MESSAGE: text.slice(index * size, (index + 1) * size),
    CONTAINER_PARTIAL_MESSAGE: 'true',
    CONTAINER_PARTIAL_ID: `piece-of-${number}`,
    CONTAINER_PARTIAL_ORDINAL: String(index + 1),
    CONTAINER_PARTIAL_LAST: String(index + 1 === pieces),
  }));
};

/** Containers log at the same time: what one writes stays in order, and pieces of unlike lines come interleaved. */
export const interleave = (lines: readonly ChaosLine[], random: () => number): readonly NativeEntry[] => {
  const entries: NativeEntry[] = [];
  let queues = [...Map.groupBy(lines, ({ stream }) => stream).values()].map((own) => own.flatMap(entriesOf));
  while (queues.length > 0) {
    const entry = queues[Math.floor(random() * queues.length)]?.shift();
    if (entry !== undefined) entries.push(entry);
    queues = queues.filter((queue) => queue.length > 0);
  }
  return entries;
};
