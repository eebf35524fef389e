import type { Clock, Logger, Source } from '#sdk';
import { compareReaders } from './native/comparison.ts';
import { createNativeFinder } from './native/native-finder.ts';
import { mergeOptions } from './native/native-reader.ts';
import { type Compare, ReaderSwitch, readSwitched, switchedFinder } from './native/reader-switch.ts';
import { createCapacity } from './capacity.ts';
import { createCheck } from './check.ts';
import { entriesBetween } from './cursor.ts';
import { GapStatus } from './gap-status.ts';
import { findHead } from './head.ts';
import { type JournaldOptions, machinesOf } from './options.ts';
import { JournalPosition, journaldSourceName } from './position.ts';
import { journalctlFinder } from './probe.ts';
import type { JournalReading } from './reading.ts';
import { lossFields } from './losses.ts';
import { resolveStart } from './start.ts';

export { journaldOptions, type JournaldOptions, machinesOf } from './options.ts';

/** What the journald source is given from outside. */
export interface JournaldDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Journal fields that are looked at, besides MESSAGE: only they are read. */
  readonly fields: readonly string[];
  /** Default: `journalctl`, found in `PATH`. */
  readonly journalctlPath?: string;
  /** The folder that the host's `/etc`, `/run` and `/var` are in. Default: `/`. */
  readonly hostRoot?: string;
}

/** Matches are journalctl's: it has the journal's own index of them. */
const readsFiles = ({ reader, match }: JournaldOptions): boolean => reader !== 'journalctl' && match.length === 0;

/** Reads the systemd journal, through `journalctl` or its files themselves; nothing is started before it is read. */
export const createJournaldSource = (options: JournaldOptions, dependencies: JournaldDependencies): Source => {
  const reading: JournalReading = {
    clock: dependencies.clock,
    logger: dependencies.logger,
    journalctlPath: dependencies.journalctlPath ?? 'journalctl',
    place: {
      hostRoot: dependencies.hostRoot ?? '/',
      directory: options.directory,
      namespace: options.namespace,
      matches: options.match,
    },
    wantedFields:
      options.fields === 'all'
        ? undefined
        : [...new Set(['MESSAGE', ...dependencies.fields, ...lossFields, ...options.fields])],
    maxMessageBytes: options.max_message,
    machines: machinesOf(options),
    gapStatus: new GapStatus(),
  };
  const compare: Compare | undefined =
    options.reader === 'auto' ? async (entries, signal) => await compareReaders(reading, entries, signal) : undefined;
  const choice = new ReaderSwitch(reading.logger, reading.clock, compare);
  if (!readsFiles(options)) choice.stayWithJournalctl();
  if (options.reader !== 'journalctl' && options.match.length > 0) {
    reading.logger.info({}, 'sources.journald.match is set: the journal is read through journalctl');
  }
  const finder = switchedFinder(
    choice,
    createNativeFinder(mergeOptions(reading)),
    journalctlFinder(reading, reading.place),
  );
  return {
    name: journaldSourceName,
    replay: 'any',
    overflow: 'wait',
    shards: [''],
    check: createCheck(reading, finder),
    resolveStart: async (start, signal) => await resolveStart(reading.clock, finder, start, signal),
    read: (start, signal) => readSwitched(choice, reading, start.get('') ?? { kind: 'beginning' }, signal),
    head: async (signal) => await findHead(finder, signal),
    // Numbers count what matches do not select, too.
    recordsBetween: (cursor, head) => (options.match.length > 0 ? undefined : entriesBetween(cursor, head.cursor())),
    receivedUsOf: (cursor) => JournalPosition.parse(cursor)?.receivedUs,
    capacity: createCapacity(reading),
    reader: () => choice.state,
  };
};
