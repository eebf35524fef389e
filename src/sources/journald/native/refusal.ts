/** Bytes of a journal file that are not what they would have to be: it is truncated, overwritten, or made up. */
export class DamageError extends Error {
  override readonly name = 'DamageError';
}

/** A journal file in a format that this reader doesn't know; journalctl may. */
export class UnsupportedFileError extends Error {
  override readonly name = 'UnsupportedFileError';
}
