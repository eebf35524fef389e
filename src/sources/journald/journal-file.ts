import { open } from 'node:fs/promises';

/** A journal file as its header and the file system tell. */
export interface JournalFile {
  /** Blocks that it takes on the disk: what journald counts. */
  readonly bytes: number;
  readonly writtenBytes: number;
  /** Receive times of its oldest and newest entry, in microseconds; undefined where it holds none, or is damaged. */
  readonly times: { readonly firstUs: number; readonly lastUs: number } | undefined;
}

/** systemd's JOURNAL_FILE_FORMAT.md, "Header"; fields are only ever added at its end. */
const signature = 'LPKSHHRH';
const archivedState = 2;
const offsets = { state: 16, tailObject: 136, firstUs: 184, lastUs: 192 };
const headerBytes = 200;
const blockBytes = 512;

const numberAt = (header: Buffer, offset: number): number => Number(header.readBigUInt64LE(offset));

/**
 * Looks at a journal file's header; its entries are not read.
 *
 * @throws the system's error when the file can't be read.
 */
export const readJournalFile = async (path: string): Promise<JournalFile> => {
  const handle = await open(path, 'r');
  try {
    const bytes = (await handle.stat()).blocks * blockBytes;
    const header = Buffer.alloc(headerBytes);
    const { bytesRead } = await handle.read(header, 0, headerBytes, 0);
    const isSound = bytesRead === headerBytes && header.toString('latin1', 0, signature.length) === signature;
    if (!isSound) return { bytes, writtenBytes: bytes, times: undefined };
    const isArchived = header[offsets.state] === archivedState;
    const firstUs = numberAt(header, offsets.firstUs);
    return {
      bytes,
      // journald takes 8 MiB at a time for a file that it writes to.
      writtenBytes: isArchived ? bytes : Math.min(bytes, numberAt(header, offsets.tailObject)),
      times: firstUs === 0 ? undefined : { firstUs, lastUs: numberAt(header, offsets.lastUs) },
    };
  } finally {
    await handle.close();
  }
};
