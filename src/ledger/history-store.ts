import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { dropReasons, lossReasons } from '../event/drop-reason.ts';
import { outcomes } from '../event/outcome.ts';
import { writeFileAtomically } from '../platform/atomic-file.ts';
import { formatChecksummed, isWhole } from '../platform/checksummed-json.ts';
import { codeOf } from '../platform/error.ts';
import { LedgerHistory } from './history.ts';

/** The format that this version writes. Each later one keeps a reader for the one before. */
const historyFormat = 1;
const bodyName = 'history';

const count = z.number().int();
const pointSchema = z.strictObject({
  atMs: z.number(),
  services: z.array(
    z.strictObject({
      service: z.string(),
      read: count,
      settled: z.partialRecord(z.enum(outcomes), count),
      lost: z.partialRecord(z.enum(lossReasons), count),
      announced: z.partialRecord(z.enum([...dropReasons, ...lossReasons]), count),
    }),
  ),
});
const fileSchema = z.strictObject({
  format: z.literal(historyFormat),
  checksum: z.string(),
  history: z.strictObject({ base: pointSchema, steps: z.array(pointSchema) }),
});

const parse = (text: string): LedgerHistory | undefined => {
  try {
    const { checksum, history } = fileSchema.parse(JSON.parse(text));
    return isWhole(text, bodyName, checksum) ? new LedgerHistory(history) : undefined;
  } catch {
    return undefined;
  }
};

/** What was found of a destination's history. One that can't be used is as good as none: the ledger itself is in the checkpoint. */
export interface LoadedHistory {
  readonly history: LedgerHistory;
  readonly isDamaged: boolean;
}

/** Where a destination's history is kept. */
export const historyPath = (stateDirectory: string, destination: string): string =>
  join(stateDirectory, 'ledger', `${destination}.json`);

/** Keeps one file per destination under `<state>/ledger`. Destination names are safe as file names by their schema. */
export class HistoryStore {
  readonly #state: string;

  constructor(stateDirectory: string) {
    this.#state = stateDirectory;
  }

  /** @throws what the file system says, but for a file that is not there. */
  async load(destination: string): Promise<LoadedHistory> {
    try {
      const history = parse(await readFile(historyPath(this.#state, destination), 'utf8'));
      return { history: history ?? new LedgerHistory(undefined), isDamaged: history === undefined };
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      return { history: new LedgerHistory(undefined), isDamaged: false };
    }
  }

  /** @throws what the file system says; the file saved before stays whole. */
  async save(destination: string, { content }: LedgerHistory): Promise<void> {
    if (content === undefined) return;
    const path = historyPath(this.#state, destination);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFileAtomically(path, formatChecksummed(historyFormat, bodyName, content));
  }
}
