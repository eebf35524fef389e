import { mkdir } from 'node:fs/promises';
import { messageOf } from '../../src/platform/error.ts';
import { type Figures, medianOf } from './figures.ts';
import { prepareJournal } from './journal.ts';
import { type BenchOptions, help, parseOptions } from './options.ts';
import { describeSurroundings, renderReport } from './report.ts';
import { measurementsOf } from './stages.ts';
import type { Workload } from './workload.ts';

const say = (text: string): void => {
  process.stderr.write(`bench: ${text}\n`);
};

/** Round after round of all stages, so that the rest of the machine's load falls on all of them. */
const runAll = async ({ stages, readers, runs }: BenchOptions, workload: Workload): Promise<readonly Figures[]> => {
  const measurements = stages.flatMap((stage) => measurementsOf(stage, readers));
  const all = new Map<string, Figures[]>();
  for (let run = 1; run <= runs; run += 1) {
    for (const { name, run: measure } of measurements) {
      say(`${name}, run ${run} of ${runs}`);
      const figures = await measure(workload);
      all.set(name, [...(all.get(name) ?? []), figures]);
    }
  }
  return [...all.values()].flatMap(([first, ...others]) => (first === undefined ? [] : [medianOf(first, ...others)]));
};

const bench = async (options: BenchOptions): Promise<void> => {
  const { seed, entries, profileFolder } = options;
  if (profileFolder !== undefined) await mkdir(profileFolder, { recursive: true });
  const journal = await prepareJournal(seed, entries, say);
  const surroundings = describeSurroundings();
  const figures = await runAll(options, { journal, entries, profileFolder });
  const json = `${JSON.stringify({ surroundings, runs: options.runs, figures }, undefined, 2)}\n`;
  process.stdout.write(options.json ? json : renderReport(figures, surroundings, options.runs));
};

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(help);
  else await bench(options);
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}
