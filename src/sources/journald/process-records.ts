import type { HandedOver } from './handed-over.ts';
import { ExportEntries } from './export/export-entries.ts';
import { FieldNames } from './field-names.ts';
import type { JournalRecord } from './journal-record.ts';
import type { JournalctlExit, JournalctlProcess } from './journalctl-process.ts';
import type { JournalPosition } from './position.ts';
import type { JournalReading } from './reading.ts';
import { Activity, ReaderWatch, type StopReason } from './watch.ts';

/** How a journalctl came to its end: on its own, or stopped by its watch. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exit: JournalctlExit }
  | { readonly kind: 'stopped'; readonly reason: StopReason };

type ProcessRecords = { readonly kind: 'records'; readonly records: readonly JournalRecord[] };

async function* parseOutput(
  reading: JournalReading,
  child: JournalctlProcess,
  handedOver: HandedOver,
  activity: Activity,
): AsyncGenerator<ProcessRecords> {
  const { wantedFields, maxMessageBytes, logger } = reading;
  const names = new FieldNames(wantedFields);
  // What an entry was in such output is found missing by its number.
  const onStray = (bytes: number): void =>
    logger.debug({ bytes }, 'journalctl printed what is no journal entry; it is left out');
  const entries = new ExportEntries({ names, maxMessageBytes, onStray });
  for await (const chunk of child.output()) {
    activity.receiving();
    const records = entries.push(chunk).filter(({ position }) => !handedOver.has(position));
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
