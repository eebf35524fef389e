import { isLineField } from '../../event/record.ts';
import { type JournalEntry, JournalFields } from './fields.ts';

/** As many writers as a host has at a time; beyond, all are forgotten. */
const maxWriters = 1024;
/** Of entries with one value for each of these, most agree in all but what is their own. */
const writerFields = ['CONTAINER_ID_FULL', '_PID', 'PRIORITY', 'CODE_LINE'] as const;

/** What entries of one writer have in common. */
interface Writer {
  readonly common: JournalEntry;
  readonly names: number;
}

const writerOf = (entry: JournalEntry): string => {
  let writer = '';
  for (const name of writerFields) {
    const value = entry[name];
    if (typeof value === 'string') writer += value;
    writer += ' ';
  }
  return writer;
};

/** The entry's own fields where it has the rest in common with a writer; undefined where it differs. */
const ownFieldsOf = (entry: JournalEntry, { common, names }: Writer): JournalEntry | undefined => {
  const own: Record<string, unknown> = {};
  let left = names;
  for (const name in entry) {
    if (name === '__proto__') return undefined;
    if (isLineField(name)) own[name] = entry[name];
    else if (common[name] === entry[name]) left -= 1;
    else return undefined;
  }
  return left === 0 ? own : undefined;
};

/**
 * Keeps what entries of one writer have in common once: a container's 20 fields are the same in all its lines, and lanes
 * hold thousands of these.
 */
export class SharedEntries {
  readonly #writers = new Map<string, Writer>();

  /** The fields of an entry, which is not to be changed any more. */
  fieldsOf(entry: JournalEntry): JournalFields {
    const name = writerOf(entry);
    const writer = this.#writers.get(name);
    const own = writer === undefined ? undefined : ownFieldsOf(entry, writer);
    return writer === undefined || own === undefined ? this.#meet(name, entry) : new JournalFields(own, writer.common);
  }

  #meet(writer: string, entry: JournalEntry): JournalFields {
    const own: Record<string, unknown> = {};
    const common: Record<string, unknown> = {};
    let names = 0;
    for (const [name, value] of Object.entries(entry)) {
      // Assigning to it makes no member.
      if (name === '__proto__') return new JournalFields(entry);
      if (isLineField(name)) own[name] = value;
      // Lists of values would have to be compared one by one.
      else if (typeof value !== 'string') return new JournalFields(entry);
      else {
        common[name] = value;
        names += 1;
      }
    }
    if (this.#writers.size >= maxWriters) this.#writers.clear();
    this.#writers.set(writer, { common, names });
    return new JournalFields(own, common);
  }
}
