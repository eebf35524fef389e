import type { HandedOver } from './handed-over.ts';
import { type JournalRecord, parseLine } from './json-line.ts';
import type { JournalctlExit, JournalctlProcess } from './journalctl-process.ts';
import { type JournalLine, LineSplitter } from './line-splitter.ts';
import type { JournalPosition } from './position.ts';
import type { JournalReading } from './reading.ts';
import { SharedEntries } from './shared-entries.ts';
import { Activity, ReaderWatch, type StopReason } from './watch.ts';

/** How a journalctl came to its end: on its own, or stopped by its watch. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exit: JournalctlExit }
  | { readonly kind: 'stopped'; readonly reason: StopReason };

type ProcessRecords = { readonly kind: 'records'; readonly records: readonly JournalRecord[] };

/** What an entry was in such a line is found missing by its number. */
const reportStrayLine = (reading: JournalReading, line: JournalLine): void => {
  const bytes = line.kind === 'long' ? line.line.bytes : line.bytes;
  reading.logger.debug({ bytes }, 'journalctl printed a line that is no journal entry; it is left out');
};

const parseChunk = (
  reading: JournalReading,
  lines: readonly JournalLine[],
  handedOver: HandedOver,
  shared: SharedEntries,
): readonly JournalRecord[] => {
  const records: JournalRecord[] = [];
  for (const line of lines) {
    const record = parseLine(line, reading.maxMessageBytes, shared);
    if (record === undefined) reportStrayLine(reading, line);
    else if (!handedOver.has(record.position)) records.push(record);
  }
  return records;
};

async function* parseOutput(
  reading: JournalReading,
  child: JournalctlProcess,
  handedOver: HandedOver,
  activity: Activity,
): AsyncGenerator<ProcessRecords> {
  const splitter = new LineSplitter(reading.maxMessageBytes);
  const shared = new SharedEntries();
  for await (const chunk of child.output()) {
    activity.receiving();
    const records = parseChunk(reading, splitter.push(chunk), handedOver, shared);
    if (records.length === 0) continue;
    activity.handingOver();
    yield { kind: 'records', records };
    activity.receiving();
  }
}

/**
 * The entries that a journalctl prints, at most a pipe's content (64 KiB) at a time, and last how it ended. `isUnseen`
 * tells whether an entry should have come by now, `hangs` how often in a row journalctl hung before. The process is gone
 * when this ends, however it does.
 */
export async function* readProcess(
  reading: JournalReading,
  child: JournalctlProcess,
  handedOver: HandedOver,
  isUnseen: (head: JournalPosition) => boolean,
  hangs: number,
  signal: AbortSignal,
): AsyncGenerator<ProcessRecords | ProcessEnd> {
  const activity = new Activity(reading, hangs);
  const done = new AbortController();
  const stopAll = (): void => {
    child.stop();
    done.abort();
  };
  signal.addEventListener('abort', stopAll);
  if (signal.aborted) stopAll();
  const watch = new ReaderWatch(reading, child, activity, isUnseen).run(done.signal);
  try {
    yield* parseOutput(reading, child, handedOver, activity);
    const exit = await child.exit;
    done.abort();
    const reason = await watch;
    yield reason === undefined ? { kind: 'exited', exit } : { kind: 'stopped', reason };
  } finally {
    signal.removeEventListener('abort', stopAll);
    stopAll();
  }
}
