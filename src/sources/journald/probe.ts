import { newestArguments, positionArguments, positionOnly, type Seek } from './arguments.ts';
import type { JournalCursor } from './cursor.ts';
import { classifyExit } from './failure.ts';
import type { EntryFinder, Finding } from './finder.ts';
import { ExportEntries } from './export/export-entries.ts';
import { FieldNames } from './field-names.ts';
import { JournalctlProcess } from './journalctl-process.ts';
import type { JournalPosition } from './position.ts';
import type { JournalPlace, JournalReading } from './reading.ts';
import { SameEntry } from './same-entry.ts';

/** Of nothing but an entry's position. */
const maxMessageBytes = 1024;

async function* positionsOf(child: JournalctlProcess): AsyncGenerator<JournalPosition> {
  const entries = new ExportEntries({ names: new FieldNames([]), maxMessageBytes, onStray: () => undefined });
  for await (const chunk of child.output()) for (const { position } of entries.push(chunk)) yield position;
}

/** The entry that is looked for; `none` where what was printed tells that there is none, undefined where all was printed. */
type Choose = (positions: AsyncGenerator<JournalPosition>) => Promise<JournalPosition | 'none' | undefined>;

const first: Choose = async (positions) => {
  for await (const position of positions) return position;
  return undefined;
};

const last: Choose = async (positions) => {
  let found: JournalPosition | undefined;
  for await (const position of positions) found = position;
  return found;
};

const same =
  (cursor: JournalCursor): Choose =>
  async (positions) => {
    const entry = new SameEntry(cursor);
    for await (const position of positions) if (entry.look(position)) return entry.found ?? 'none';
    return entry.found;
  };

/** Runs journalctl until the entry is found. Rejects when `signal` aborts. */
const find = async (
  reading: JournalReading,
  parameters: readonly string[],
  choose: Choose,
  signal: AbortSignal,
): Promise<Finding> => {
  signal.throwIfAborted();
  const child = new JournalctlProcess(reading.journalctlPath, parameters);
  const stop = (): void => child.stop();
  signal.addEventListener('abort', stop);
  try {
    const position = await choose(positionsOf(child));
    signal.throwIfAborted();
    if (position === 'none') return { position: undefined };
    if (position !== undefined) return { position };
    const exit = await child.exit;
    if (exit.code === 0) return { position: undefined };
    return { failure: classifyExit(reading.journalctlPath, reading.place, exit) };
  } finally {
    signal.removeEventListener('abort', stop);
    child.stop();
  }
};

/** Asks journalctl for entries of a place, those that match only. */
export const journalctlFinder = (reading: JournalReading, place: JournalPlace): EntryFinder => ({
  at: async (seek, signal) => await find(reading, positionArguments(place, seek), first, signal),
  same: async (cursor, seek, signal) => await find(reading, positionArguments(place, seek), same(cursor), signal),
  newest: async (count, signal) => await find(reading, newestArguments(place, count, positionOnly), first, signal),
  newestOfBoot: async (bootId, signal) => {
    const ofBoot = { ...place, matches: [`_BOOT_ID=${bootId}`] };
    return await find(reading, newestArguments(ofBoot, 1, positionOnly), first, signal);
  },
});

/** The oldest entry from `seek` on between which and the newest all can be read. Reads them all. */
export const findOldestReadable = async (
  reading: JournalReading,
  place: JournalPlace,
  seek: Seek,
  signal: AbortSignal,
): Promise<Finding> => await find(reading, [...positionArguments(place, seek), '--reverse'], last, signal);
