import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, messageOf, type Source, type SourceCapacity, type SourceSegment } from '#sdk';
import { isJournalFile, listNames } from './folders.ts';
import { type JournalFile, readJournalFile } from './journal-file.ts';
import { readStorageSettings } from './journald-conf.ts';
import type { JournalPlace, JournalReading } from './reading.ts';
import { spaceLimits } from './space-limits.ts';
import { findStorage, type JournalStorage } from './storage.ts';

/** Files are looked at, a hundred of them maybe: not more often than this. */
const maxAgeMs = 5000;

type Limits = Pick<SourceCapacity, 'maxBytes' | 'maxSegmentBytes' | 'maxRetentionMs'>;

const unknownLimits: Limits = { maxBytes: undefined, maxSegmentBytes: undefined, maxRetentionMs: undefined };

/** Undefined for a file that journald removed meanwhile. */
const lookAt = async (path: string): Promise<JournalFile | undefined> =>
  await readJournalFile(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });

/** Undefined where rights hide a folder. */
const filesOf = async ({ folders }: JournalStorage): Promise<readonly JournalFile[] | undefined> => {
  const files: JournalFile[] = [];
  for (const folder of folders) {
    const names = await listNames(folder);
    if (names === undefined) return undefined;
    for (const name of names.filter(isJournalFile)) {
      const file = await lookAt(join(folder, name));
      if (file !== undefined) files.push(file);
    }
  }
  return files;
};

const segmentsOf = (files: readonly JournalFile[]): readonly SourceSegment[] =>
  files
    .flatMap(({ bytes, writtenBytes, times }) => (times === undefined ? [] : [{ ...times, bytes, writtenBytes }]))
    .toSorted((one, other) => one.firstUs - other.firstUs);

const limitsOf = async (place: JournalPlace, storage: JournalStorage, usedBytes: number): Promise<Limits> => {
  const [folder] = storage.folders;
  if (storage.keeper === undefined || folder === undefined) return unknownLimits;
  const { namespace, kind } = storage.keeper;
  const settings = await readStorageSettings(place.hostRoot, namespace, kind);
  if (settings === undefined) return unknownLimits;
  const { blocks, bsize, bavail } = await statfs(folder);
  const space = { sizeBytes: blocks * bsize, availableBytes: bavail * bsize };
  const { maxBytes, maxFileBytes } = spaceLimits(settings, space, usedBytes);
  return { maxBytes, maxSegmentBytes: maxFileBytes, maxRetentionMs: settings.maxRetentionMs };
};

const measure = async (place: JournalPlace): Promise<SourceCapacity | undefined> => {
  const storage = await findStorage(place);
  if (storage === undefined) return undefined;
  const files = await filesOf(storage);
  if (files === undefined) return undefined;
  const segments = segmentsOf(files);
  const [oldest] = segments;
  if (oldest === undefined) return undefined;
  const usedBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    persistent: storage.persistent,
    usedBytes,
    ...(await limitsOf(place, storage, usedBytes)),
    oldestUs: oldest.firstUs,
    newestUs: Math.max(...segments.map(({ lastUs }) => lastUs)),
    segments,
  };
};

/** Measures a journal, at most every few seconds; see `Source.capacity`. Nothing is known of one that rights hide in part. */
export const createCapacity = ({ place, clock, logger }: JournalReading): Source['capacity'] => {
  let latest: { readonly value: SourceCapacity | undefined; readonly atMs: number } | undefined;
  return async () => {
    if (latest !== undefined && clock.monotonic() - latest.atMs < maxAgeMs) return latest.value;
    const value = await measure(place).catch((error: unknown) => {
      logger.debug({ reason: messageOf(error) }, 'the size of the journal could not be looked up');
      return undefined;
    });
    latest = { value, atMs: clock.monotonic() };
    return value;
  };
};
