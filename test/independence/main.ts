import { parseArgs } from 'node:util';
import { describeSurroundings } from '../bench/surroundings.ts';
import { measureDeadDestination } from './dead-destination.ts';
import { measureDeniedGroup } from './denied-group.ts';
import { measureFlood } from './flood.ts';
import { measureLosses } from './losses.ts';
import type { Settings } from './settings.ts';
import { renderTable, type Table } from '../bench/table.ts';

interface Case {
  readonly measure: (settings: Settings) => Promise<Table>;
  /** Lines a second, unless told otherwise. */
  readonly rate: number;
}

const cases: Readonly<Record<string, Case>> = {
  dead: { measure: measureDeadDestination, rate: 5000 },
  denied: { measure: measureDeniedGroup, rate: 2000 },
  flood: { measure: measureFlood, rate: 2000 },
  losses: { measure: measureLosses, rate: 0 },
};

const help = `npm run independence -- [options]

Measures what destinations do to each other, on a journal of its own, with the real agent; needs root.

  --case NAME      only this one; may be repeated: ${Object.keys(cases).join(', ')}
  --seconds N      length of each measured span (20)
  --rate N         lines a second instead of the case's own
  --pairs N        pairs of runs of the case "dead" (5)
  --help
`;

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true, default: Object.keys(cases) },
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string' },
    pairs: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});

const report = (progress: string): void => {
  process.stderr.write(`independence: ${progress}\n`);
};

const measureAll = async (): Promise<void> => {
  const { date, cores, cpu, kernel, node, loadBefore } = describeSurroundings();
  const where = `${cores} cores of ${cpu}, Linux ${kernel}, Node ${node}`;
  process.stdout.write(`${date}, ${where}, load ${loadBefore.toFixed(1)} before\n\n`);
  for (const name of values.case) {
    const chosen = cases[name];
    if (chosen === undefined)
      throw new Error(`there is no case "${name}"; choose among ${Object.keys(cases).join(', ')}`);
    const rate = Number(values.rate ?? chosen.rate);
    const settings = { rate, seconds: Number(values.seconds), pairs: Number(values.pairs), report };
    process.stdout.write(`${renderTable(await chosen.measure(settings))}\n`);
  }
};

if (values.help) process.stdout.write(help);
else await measureAll();
