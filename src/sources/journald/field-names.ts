/** As journald accepts them (systemd.journal-fields(7)); what has no such name was not written by it. */
const validName = /^[A-Z_][A-Z0-9_]*$/;
export const maxNameBytes = 64;
/** A host's services have some hundred names among them. */
const maxKnownNames = 4096;

/** A field's name, and whether it is asked for; `invalid`: no field has that name. */
export interface FieldName {
  readonly name: string;
  readonly use: 'wanted' | 'unwanted' | 'invalid';
}

/** What is common to few names, so that only one or two have to be compared. */
const keyOf = (bytes: Uint8Array, start: number, end: number): number => {
  const length = end - start;
  const middle = bytes[start + (length >>> 1)] ?? 0;
  return ((bytes[start] ?? 0) | (middle << 8) | ((bytes[end - 1] ?? 0) << 16)) ^ (length << 24);
};

const isAt = (name: string, bytes: Uint8Array, start: number, end: number): boolean => {
  if (name.length !== end - start) return false;
  for (let index = 0; index < name.length; index += 1) {
    if (name.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
};

/** The names of fields, each decoded and looked at once. */
export class FieldNames {
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #known = new Map<number, FieldName>();

  /** @param wanted undefined: all */
  constructor(wanted: readonly string[] | undefined) {
    this.#wanted = wanted === undefined ? undefined : new Set(wanted);
  }

  /** The name that these bytes are. */
  at(bytes: Buffer, start: number, end: number): FieldName {
    if (end - start > maxNameBytes)
      return { name: bytes.toString('latin1', start, start + maxNameBytes), use: 'invalid' };
    const key = keyOf(bytes, start, end);
    const known = this.#known.get(key);
    if (known !== undefined && isAt(known.name, bytes, start, end)) return known;
    const found = this.#judge(bytes.toString('latin1', start, end));
    if (this.#known.size < maxKnownNames) this.#known.set(key, found);
    return found;
  }

  #judge(name: string): FieldName {
    if (!validName.test(name)) return { name, use: 'invalid' };
    // The entry itself says of which boot it is.
    if (name === '_BOOT_ID') return { name, use: 'unwanted' };
    return { name, use: this.#wanted === undefined || this.#wanted.has(name) ? 'wanted' : 'unwanted' };
  }
}
