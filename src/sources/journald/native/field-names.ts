/** As journald accepts them (systemd.journal-fields(7)); what has no such name was not written by it. */
const validName = /^[A-Z_][A-Z0-9_]*$/;
export const maxNameBytes = 64;
/** A host's services have some hundred names among them. */
const maxKnownNames = 4096;

/** Whether a field is asked for; `invalid`: no field has that name. */
export type NameUse = 'wanted' | 'unwanted' | 'invalid';

/** The names of fields, each looked at once. */
export class FieldNames {
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #known = new Map<string, NameUse>();

  /** @param wanted undefined: all */
  constructor(wanted: readonly string[] | undefined) {
    this.#wanted = wanted === undefined ? undefined : new Set(wanted);
  }

  useOf(name: string): NameUse {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const use = this.#judge(name);
    if (this.#known.size < maxKnownNames) this.#known.set(name, use);
    return use;
  }

  #judge(name: string): NameUse {
    if (!validName.test(name)) return 'invalid';
    // The entry itself says of which boot it is.
    if (name === '_BOOT_ID') return 'unwanted';
    return this.#wanted === undefined || this.#wanted.has(name) ? 'wanted' : 'unwanted';
  }
}
