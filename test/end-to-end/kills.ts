import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Service } from './services.ts';
import type { WrittenJournal } from './written-journal.ts';

/** What was known and what was not when the agent was killed. */
export interface Kill {
  readonly service: Service;
  /** Cursor that the checkpoint held; undefined before the first line was settled. */
  readonly cursor: string | undefined;
  /** Events that the service had taken. */
  readonly taken: number;
}

const checkpointSchema = z.object({
  checkpoint: z.object({
    cursors: z.record(
      z.string(),
      z.record(z.string(), z.object({ resume: z.looseObject({ cursor: z.string().optional() }) })),
    ),
    services: z.array(z.object({ read: z.number(), settled: z.record(z.string(), z.number()) })),
  }),
});

/** A destination's checkpoint as it stands on disk; undefined where there is none yet. */
export const readCheckpoint = async (state: string, destination: string) => {
  const text = await readFile(join(state, 'checkpoints', `${destination}.json`), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : checkpointSchema.parse(JSON.parse(text)).checkpoint;
};

/** What a kernel has buffered of requests of a process that is dead comes in these turns of the event loop. */
const turns = 500;

/** To be called after each kill. */
export const noteKill = async (services: readonly Service[], state: string): Promise<readonly Kill[]> => {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return await Promise.all(
    services.map(async (service) => {
      const checkpoint = await readCheckpoint(state, service.name);
      const cursor = checkpoint?.cursors['journald']?.['']?.resume.cursor;
      return { service, cursor, taken: service.taken() };
    }),
  );
};

/**
 * Events that a service had taken at a kill and that its checkpoint did not cover: in flight, or settled since the
 * checkpoint was saved. These, and no others, may come again because of the kill.
 */
export const uncoveredAt = ({ service, cursor, taken }: Kill, journal: WrittenJournal): number => {
  const covered = cursor === undefined ? -1 : (journal.ofCursor(cursor)?.index ?? Number.NaN);
  const before = service.arrivals().slice(0, taken);
  const uncovered = before.filter(({ lineId }) => (journal.ofId(lineId)?.index ?? -1) > covered);
  return new Set(uncovered.map(({ id }) => id)).size;
};
