import type { NumberedRecord } from './numbered-source.ts';

/** Records of a journal and the lines that they hold. */
export interface DockerLines {
  readonly records: readonly NumberedRecord[];
  /** In the order in which the lines end; each begins with its container and a number. */
  readonly texts: readonly string[];
}

interface OpenLine {
  readonly id: string;
  readonly text: string;
  readonly pieces: number;
  sent: number;
}

export interface DockerLinesOptions {
  readonly containers?: number;
  /** Of the first line; each has a number of its own. */
  readonly firstNumber?: number;
  /** Every tenth line or so has up to so many characters; most have up to 300. */
  readonly longest?: number;
}

const usualLength = 300;

/** A generator of pseudo-random numbers in [0, limit) (mulberry32): the same seed gives the same lines. */
const createRandom = (seed: number) => {
  let state = seed | 0;
  return (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
};

const recordOf = (container: number, message: string): NumberedRecord => ({
  MESSAGE: message,
  PRIORITY: '6',
  CONTAINER_NAME: `box-${container}`,
  CONTAINER_ID_FULL: String(container).padStart(64, '0'),
  _COMM: 'dockerd',
  _SYSTEMD_UNIT: 'docker.service',
});

const pieceOf = (container: number, line: OpenLine): NumberedRecord => {
  line.sent += 1;
  const isLast = line.sent === line.pieces;
  const size = Math.ceil(line.text.length / line.pieces);
  return {
    ...recordOf(container, line.text.slice((line.sent - 1) * size, line.sent * size)),
    CONTAINER_PARTIAL_ID: line.id,
    CONTAINER_PARTIAL_ORDINAL: String(line.sent),
    CONTAINER_PARTIAL_LAST: String(isLast),
    ...(!isLast && { CONTAINER_PARTIAL_MESSAGE: 'true' }),
  };
};

/** At least `count` records of some containers, each writing whole lines and such that docker cut in pieces, interleaved. */
export const dockerLines = (
  seed: number,
  count: number,
  { containers = 4, longest = usualLength, firstNumber = 0 }: DockerLinesOptions = {},
): DockerLines => {
  const random = createRandom(seed);
  const records: NumberedRecord[] = [];
  const texts: string[] = [];
  const open = new Map<number, OpenLine>();
  let lines = firstNumber;
  while (records.length < count || open.size > 0) {
    const container = random(containers);
    const line = open.get(container);
    if (line !== undefined) {
      records.push(pieceOf(container, line));
      if (line.sent < line.pieces) continue;
      open.delete(container);
      texts.push(line.text);
      continue;
    }
    if (records.length >= count) continue;
    const number = lines++;
    const isLong = longest > usualLength && random(10) === 0;
    const text = `box-${container} ${number} ${'x'.repeat(random(isLong ? longest : usualLength))} end`;
    if (random(4) === 0) {
      open.set(container, { id: `line-${number}`, text, pieces: 2 + random(5), sent: 0 });
    } else {
      records.push(recordOf(container, text));
      texts.push(text);
    }
  }
  return { records, texts };
};
