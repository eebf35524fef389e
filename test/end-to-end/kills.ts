import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, parseCheckpoint } from '../../src/checkpoint/checkpoint.ts';
import { coverageOf } from '../support/checkpoint-coverage.ts';
import type { Service } from './services.ts';
import type { WrittenJournal } from './written-journal.ts';

/** What was known and what was not when the agent was killed. */
export interface Kill {
  readonly service: Service;
  /** As it stood on disk; undefined where there was none yet. */
  readonly checkpoint: Checkpoint | undefined;
  /** Events that the service had taken. */
  readonly taken: number;
}

/** A destination's checkpoint as it stands on disk; undefined where there is none yet. */
export const readCheckpoint = async (state: string, destination: string): Promise<Checkpoint | undefined> => {
  const text = await readFile(join(state, 'checkpoints', `${destination}.json`), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseCheckpoint(text);
};

/** What a kernel has buffered of requests of a process that is dead comes in these turns of the event loop. */
const turns = 500;

/** To be called after each kill. */
export const noteKill = async (services: readonly Service[], state: string): Promise<readonly Kill[]> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return await Promise.all(
    services.map(async (service) => {
      const checkpoint = await readCheckpoint(state, service.name);
      return { service, checkpoint, taken: service.taken() };
    }),
  );
};

/**
 * Ids of events that a service had taken at a kill and that its checkpoint did not cover: in flight, or settled since the
 * checkpoint was saved. These, and no others, may come again because of the kill.
 */
export const uncoveredAt = ({ service, checkpoint, taken }: Kill, journal: WrittenJournal): ReadonlySet<string> => {
  const isCovered = coverageOf(checkpoint, (cursor) => journal.ofCursor(cursor)?.index ?? Number.NaN);
  const before = service.arrivals().slice(0, taken);
  const uncovered = before.filter(({ lineId }) => {
    const { index = -1, receivedUs = 0 } = journal.ofId(lineId) ?? {};
    return !isCovered({ place: index, receivedUs, id: () => lineId });
  });
  return new Set(uncovered.map(({ id }) => id));
};
