import type { Arrival } from './arrival.ts';
import { isUtf8, type NumberedLine } from './numbered-line.ts';
import type { WrittenEntry, WrittenJournal } from './written-journal.ts';

/** What is wrong with what a service took; all empty when nothing is. Lists are cut at {@link shown}. */
export interface Findings {
  /** Numbers of lines that never came. */
  readonly missing: readonly number[];
  /** Empty lines that never came. */
  readonly missingEmpty: number;
  /** Ids of which the journal knows nothing. */
  readonly foreign: readonly string[];
  /** Lines whose text is not what was written, or whose id is another line's. */
  readonly altered: readonly number[];
  /** `writer: 12 after 15`: lines that were first taken later than a later one of their writer. */
  readonly disordered: readonly string[];
}

/** Findings of one kind that are shown; a broken run has thousands. */
const shown = 10;

interface Expectation {
  readonly journal: WrittenJournal;
  /** By number. */
  readonly lines: readonly NumberedLine[];
  /** Whether the service has a way to show an empty line. */
  readonly takesEmpty: boolean;
  /** Lines that may come late. */
  readonly askedAgain: ReadonlySet<number>;
}

/** All arrivals of one line or part after the first are repetitions. */
const firstOf = (arrivals: readonly Arrival[]): readonly Arrival[] => {
  const first = new Map<string, Arrival>();
  for (const arrival of arrivals) if (!first.has(arrival.id)) first.set(arrival.id, arrival);
  return [...first.values()];
};

interface ArrivedLine {
  readonly entry: WrittenEntry;
  readonly parts: Arrival[];
}

const collect = (first: readonly Arrival[], journal: WrittenJournal, foreign: string[]): readonly ArrivedLine[] => {
  const lines = new Map<string, ArrivedLine>();
  for (const arrival of first) {
    const known = lines.get(arrival.lineId);
    const entry = known?.entry ?? journal.ofId(arrival.lineId);
    if (entry === undefined) foreign.push(arrival.id);
    else if (known === undefined) lines.set(arrival.lineId, { entry, parts: [arrival] });
    else known.parts.push(arrival);
  }
  return [...lines.values()];
};

const isWhole = ({ parts }: ArrivedLine): boolean => {
  const count = parts[0]?.part?.count ?? 1;
  return parts.length === count && new Set(parts.map(({ part }) => part?.index)).size === count;
};

/** Parts hold the line as written: their messages, or their bytes where it is not UTF-8. */
const isRejoined = (parts: readonly Arrival[], { bytes, shape }: NumberedLine): boolean => {
  const ordered = parts.toSorted((one, other) => (one.part?.index ?? 0) - (other.part?.index ?? 0));
  const pieces = ordered.map(({ message, raw }) =>
    isUtf8(shape) ? Buffer.from(message) : Buffer.from(raw ?? '', 'base64'),
  );
  return Buffer.concat(pieces).equals(bytes);
};

const isUnaltered = ({ parts }: ArrivedLine, written: NumberedLine): boolean => {
  const [only] = parts;
  if (only?.part !== undefined) return isRejoined(parts, written);
  const raw = isUtf8(written.shape) ? undefined : written.bytes.toString('base64');
  return only?.message === written.text && only.raw === raw;
};

const disorderOf = (lines: readonly NumberedLine[]): readonly string[] => {
  const latest = new Map<string, number>();
  const findings: string[] = [];
  for (const { number, writer } of lines) {
    const before = latest.get(writer) ?? -1;
    if (number < before) findings.push(`${writer}: ${number} after ${before}`);
    latest.set(writer, Math.max(before, number));
  }
  return findings;
};

/** Measures what a service took against what was written. */
export const checkArrivals = (arrivals: readonly Arrival[], expected: Expectation): Findings => {
  const { journal, lines, takesEmpty, askedAgain } = expected;
  const foreign: string[] = [];
  const arrived = collect(firstOf(arrivals), journal, foreign).filter((line) => isWhole(line));
  const numbered = arrived.flatMap((line) => {
    const written = lines[line.entry.number ?? -1];
    return written === undefined ? [] : [{ line, written }];
  });
  const came = new Set(numbered.map(({ written }) => written.number));
  const empty = lines.filter(({ shape }) => shape === 'empty');
  const altered = numbered.filter(({ line, written }) => !isUnaltered(line, written));
  const inOrder = numbered.map(({ written }) => written).filter(({ number }) => !askedAgain.has(number));
  return {
    missing: lines
      .filter(({ number, shape }) => shape !== 'empty' && !came.has(number))
      .map(({ number }) => number)
      .slice(0, shown),
    missingEmpty: (takesEmpty ? empty.length : 0) - arrived.filter(({ entry }) => entry.isEmpty).length,
    foreign: foreign.slice(0, shown),
    altered: altered.map(({ written }) => written.number).slice(0, shown),
    disordered: disorderOf(inOrder).slice(0, shown),
  };
};

/** How many arrivals are repetitions. */
export const countRepetitions = (arrivals: readonly Arrival[]): number =>
  arrivals.length - new Set(arrivals.map(({ id }) => id)).size;
