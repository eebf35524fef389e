import { mkdir } from 'node:fs/promises';
import { messageOf } from '../../src/platform/error.ts';
import { prepareJournal } from './journal.ts';
import { measureAll } from './measurement.ts';
import { type BenchOptions, help, parseOptions } from './options.ts';
import { readProfiles } from './read-profiles.ts';
import { renderReport } from './report.ts';
import { missingFor, planOf } from './stages.ts';
import { describeSurroundings } from './surroundings.ts';

const say = (text: string): void => {
  process.stderr.write(`bench: ${text}\n`);
};

const isPossible = (stage: string, options: BenchOptions): boolean => {
  const missing = missingFor(stage, options);
  if (missing !== undefined) say(`${stage} is left out: ${missing}`);
  return missing === undefined;
};

const bench = async (options: BenchOptions): Promise<void> => {
  const { seed, entries, runs, profileFolder } = options;
  if (profileFolder !== undefined) await mkdir(profileFolder, { recursive: true });
  const stages = options.stages.filter((stage) => isPossible(stage, options));
  const workload = { journal: await prepareJournal(seed, entries, say), entries, profileFolder };
  const surroundings = describeSurroundings();
  const { shipping, health, live } = planOf(stages, options);
  const results = {
    surroundings,
    entries,
    runs,
    shipping: await measureAll(shipping, runs, workload, say),
    health: await measureAll(health, runs, workload, say),
    live: await measureAll(live, runs, workload, say),
    profiles: profileFolder === undefined ? [] : await readProfiles(profileFolder),
  };
  process.stdout.write(options.json ? `${JSON.stringify(results, undefined, 2)}\n` : renderReport(results));
};

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(help);
  else await bench(options);
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}
