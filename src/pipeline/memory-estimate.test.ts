import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { type LineKind, lineKinds } from '../../test/support/line-kinds.ts';

const program = join(import.meta.dirname, '../../test/support/held-memory.ts');
const measured = z.object({ saidBytes: z.number(), aliveBytes: z.number() });
const mebibyte = 1024 * 1024;

/** What an agent with a dead destination says that it holds, and what its heap does, in a process of its own. */
const measure = async (kind: LineKind, memoryBytes: number, writers: string): Promise<z.output<typeof measured>> => {
  const parameters = ['--expose-gc', program, kind, String(memoryBytes), writers];
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  return measured.parse(JSON.parse(stdout));
};

/** The budget is for what is held; what one reader has in hands, code, and errors of measuring are beyond: 1.25 at the most. */
const tolerance = 1.3;

/** What entries have in common is held once, where they are of one writer. */
const cases = (Object.keys(lineKinds) as LineKind[]).flatMap((kind) =>
  ['one writer', 'many writers'].map((writers) => ({ kind, writers })),
);

test.each(cases)(
  'the memory that an agent says it holds is what it holds: $kind, of $writers',
  async ({ kind, writers }) => {
    // Open lines fill no lane: it takes the whole default budget to keep them open.
    const memoryBytes = (kind === 'lines that are open' ? 128 : 32) * mebibyte;
    const { saidBytes, aliveBytes } = await measure(kind, memoryBytes, writers);
    expect(saidBytes).toBeGreaterThan(memoryBytes / 16);
    expect(saidBytes).toBeLessThanOrEqual(memoryBytes);
    expect(aliveBytes).toBeLessThanOrEqual(tolerance * saidBytes);
  },
);
