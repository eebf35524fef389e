import { z } from 'zod';
import type { PrivateJournald } from '../rigs/journald/private-journald.ts';
import { numberIn } from './numbered-line.ts';

/** An entry as it stands in the journal, read by journalctl itself. */
export interface WrittenEntry {
  /** Its place in the journal, from 0. */
  readonly index: number;
  readonly receivedUs: number;
  /** Number of its line; undefined for empty lines, for all but the first piece of a long one, and for journald's own. */
  readonly number: number | undefined;
  readonly isEmpty: boolean;
}

const entrySchema = z.object({
  __CURSOR: z.string(),
  MESSAGE: z.union([z.string(), z.array(z.number()), z.null()]).optional(),
});

/** What an id is made of, from the cursor of its entry: times, boot, and the hash mixed with the entry's number. */
const identityOfCursor = (cursor: string): string => {
  const parts = new Map(cursor.split(';').map((part): [string, string] => [part.slice(0, 1), part.slice(2)]));
  const part = (name: string): string => parts.get(name) ?? '';
  const hash = (BigInt(`0x${part('x')}`) ^ BigInt(`0x${part('i')}`)).toString(16);
  return [part('t').padStart(14, '0'), part('m').padStart(14, '0'), part('b'), hash.padStart(16, '0')].join('');
};

const alphabet = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';

/** What an event's id says: its 52 characters are a version and six bits each. Written down anew, not asked of the agent. */
const identityOfId = (id: string): string => {
  if (!/^1[-\w]{51}$/.test(id)) throw new Error(`not an id of version 1: ${id}`);
  const bits = Array.from(id.slice(1), (character) => alphabet.indexOf(character).toString(2).padStart(6, '0')).join(
    '',
  );
  const nibbles = bits.slice(0, 4 * (14 + 14 + 32 + 16)).match(/.{4}/g) ?? [];
  return nibbles.map((nibble) => Number.parseInt(nibble, 2).toString(16)).join('');
};

const textOf = (message: z.infer<typeof entrySchema>['MESSAGE']): string =>
  Array.isArray(message) ? Buffer.from(message).toString('utf8') : (message ?? '');

/** The journal after all was written: what the destinations are measured against. */
export class WrittenJournal {
  readonly entries: readonly WrittenEntry[];
  readonly #byIdentity: ReadonlyMap<string, WrittenEntry>;
  readonly #byId = new Map<string, WrittenEntry | undefined>();

  constructor(entries: readonly (readonly [string, WrittenEntry])[]) {
    this.#byIdentity = new Map(entries);
    this.entries = entries.map(([, entry]) => entry);
  }

  /** This and what a later reading shows that this one did not: entries that are gone since keep their places. */
  extendedBy(later: WrittenJournal): WrittenJournal {
    const fresh = [...later.#byIdentity].filter(([identity]) => !this.#byIdentity.has(identity));
    const all = [...this.#byIdentity, ...fresh];
    return new WrittenJournal(all.map(([identity, entry], index) => [identity, { ...entry, index }]));
  }

  ofCursor(cursor: string): WrittenEntry | undefined {
    return this.#byIdentity.get(identityOfCursor(cursor));
  }

  /** The entry that an event's id names; undefined for the agent's own notices as well, whose ids begin with `n`. */
  ofId(id: string): WrittenEntry | undefined {
    if (id.startsWith('n')) return undefined;
    if (!this.#byId.has(id)) this.#byId.set(id, this.#byIdentity.get(identityOfId(id)));
    return this.#byId.get(id);
  }
}

/** Reads the whole journal: the namespace's own unless `place`, arguments of journalctl, names another one. */
export const readWrittenJournal = async (
  journal: Pick<PrivateJournald, 'exec'>,
  place: readonly string[] = [],
): Promise<WrittenJournal> => {
  const wanted = [...place, '--all', '--output=json', '--output-fields=MESSAGE'];
  const { stdout } = await journal.exec('journalctl', wanted);
  const entries = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index): readonly [string, WrittenEntry] => {
      const { __CURSOR, MESSAGE } = entrySchema.parse(JSON.parse(line));
      const text = textOf(MESSAGE);
      const receivedUs = Number.parseInt(/;t=([0-9a-f]+)/.exec(__CURSOR)?.[1] ?? '', 16);
      return [identityOfCursor(__CURSOR), { index, receivedUs, number: numberIn(text), isEmpty: text === '' }];
    });
  return new WrittenJournal(entries);
};
