import { integerAt } from './integers.ts';
import { DamageError, UnsupportedFileError } from './refusal.ts';

/** What a journal file's header tells (systemd's JOURNAL_FILE_FORMAT.md, "Header"). */
export interface FileHeader {
  /** Random, of this one file, whatever its name. */
  readonly fileId: string;
  /** Of the machine that wrote the file, which may have received its entries from another one. */
  readonly machineId: string;
  /** Its journald is of systemd 254 or newer, which says so of the boot of the last entry. */
  readonly tellsTailBoot: boolean;
  /** The counter that numbers its entries. It may change while there are none. */
  readonly sequenceId: string;
  /** Offsets are stored in 32 bits. */
  readonly isCompact: boolean;
  /** Nothing is added any more. */
  readonly isArchived: boolean;
  /** Linked ones: all that may be read. */
  readonly entries: number;
  /** Numbers of the first entry and of the last: 0 while there is none. The last may not be linked yet. */
  readonly headSequence: number;
  readonly tailSequence: number;
  /** Of the first entry array; 0 while there is none. */
  readonly entryArrayOffset: number;
}

/** What every header has, whatever systemd wrote it. */
export const headerBytes = 208;
const signature = 'LPKSHHRH';
const archivedState = 2;
const flags = { xz: 1, lz4: 2, keyedHash: 4, zstd: 8, compact: 16 } as const;
const tailEntryBootId = 2;
/** Hashes are not looked at, so that it is all one whether they are keyed. */
const knownFlags = flags.lz4 | flags.keyedHash | flags.zstd | flags.compact;

const checkFlags = (incompatible: number): void => {
  if ((incompatible & flags.xz) !== 0) throw new UnsupportedFileError('it is compressed with XZ');
  const unknown = incompatible & ~knownFlags;
  if (unknown !== 0) throw new UnsupportedFileError(`it has features (0x${unknown.toString(16)}) of a newer systemd`);
};

/**
 * Takes a header apart.
 *
 * @throws {UnsupportedFileError} for a format that is not known; {@link DamageError} for what is no journal file.
 */
export const parseHeader = (bytes: Buffer): FileHeader => {
  if (bytes.length < headerBytes || bytes.toString('latin1', 0, signature.length) !== signature) {
    throw new DamageError('it is no journal file');
  }
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, headerBytes / 4);
  const incompatible = words[3] ?? 0;
  checkFlags(incompatible);
  const size = integerAt(words, 22);
  if (size < headerBytes || size % 8 !== 0) throw new DamageError(`its header can't have ${size} bytes`);
  return {
    fileId: bytes.toString('hex', 24, 40),
    machineId: bytes.toString('hex', 40, 56),
    tellsTailBoot: ((words[2] ?? 0) & tailEntryBootId) !== 0,
    sequenceId: bytes.toString('hex', 72, 88),
    isCompact: (incompatible & flags.compact) !== 0,
    isArchived: bytes[16] === archivedState,
    entries: integerAt(words, 38),
    headSequence: integerAt(words, 42),
    tailSequence: integerAt(words, 40),
    entryArrayOffset: integerAt(words, 44),
  };
};
