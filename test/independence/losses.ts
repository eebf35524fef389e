import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentProcess } from '../bench/agent-process.ts';
import { prepareJournal } from '../bench/journal.ts';
import { seededRandom } from '../bench/random.ts';
import { type CountingProcess, startCountingProcess } from '../bench/sinks/counting-process.ts';
import { secondsUntil } from './bed.ts';
import type { Settings } from './settings.ts';
import type { Table } from '../bench/table.ts';

const entries = 100_000;
const seed = 1;
const kills = 5;
/** Share of requests that go wrong. */
const faultRate = 0.02;
const atMostSeconds = 900;

const options = {
  cloudwatch: { region: 'us-east-1' },
  loggly: { token: 'not-a-secret' },
  logdna: { key: 'not-a-secret' },
} as const;

type Kind = keyof typeof options;

interface Loss {
  readonly unique: number;
  readonly duplicates: number;
  readonly cpuSeconds: number;
  readonly peakMib: number;
}

/** Runs agents one after the other, all but the last of which are killed, and adds up what they use. */
const shipAll = async (
  start: () => Promise<AgentProcess>,
  sink: CountingProcess,
): Promise<Omit<Loss, 'unique' | 'duplicates'>> => {
  const random = seededRandom(seed);
  let cpuSeconds = 0;
  let peakMib = 0;
  const add = ({ cpu }: ReturnType<AgentProcess['measure']>): void => void (cpuSeconds += cpu.own + cpu.children);
  for (let kill = 0; kill < kills; kill += 1) {
    const agent = await start();
    const before = (await sink.count()).events;
    const goal = before + 1000 + random() * (entries / kills / 2);
    await secondsUntil('lines come', atMostSeconds, async () => (await sink.count()).events >= goal);
    add(agent.measure());
    peakMib = Math.max(peakMib, (await agent.kill()).ownMib);
  }
  const last = await start();
  await secondsUntil(
    'all lines have come',
    atMostSeconds,
    async () => ((await sink.count()).uniqueIds ?? 0) >= entries,
  );
  // What comes twice comes now.
  await sleep(2000);
  add(last.measure());
  peakMib = Math.max(peakMib, (await last.stop()).ownMib);
  return { cpuSeconds, peakMib };
};

const measure = async (kind: Kind, journal: string): Promise<Loss> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-losses-'));
  await mkdir(join(folder, 'state'));
  const sink = await startCountingProcess('failing', [kind, String(faultRate), String(seed)]);
  const config = {
    sources: { journald: { directory: journal, start: 'beginning' } },
    state: join(folder, 'state'),
    cloud_identity: 'off',
    admin: { listen: false },
    destinations: { [kind]: { ...options[kind], endpoint: sink.address, timeout: '2s' } },
  };
  try {
    const used = await shipAll(() => AgentProcess.start({ config, folder, profileFolder: undefined }), sink);
    const { events, uniqueIds = 0 } = await sink.count();
    return { ...used, unique: uniqueIds, duplicates: events - uniqueIds };
  } finally {
    sink.close();
    await rm(folder, { recursive: true, force: true });
  }
};

/** What is lost and what comes twice, over kills of the agent and failing requests. */
export const measureLosses = async ({ report }: Settings): Promise<Table> => {
  const journal = await prepareJournal(seed, entries, report);
  const rows: string[][] = [];
  for (const kind of ['cloudwatch', 'loggly', 'logdna'] as const) {
    report(`losses, ${kind}`);
    const { unique, duplicates, cpuSeconds, peakMib } = await measure(kind, journal);
    const lossPercent = (100 * (entries - unique)) / entries;
    rows.push([
      kind,
      String(entries),
      String(unique),
      String(duplicates),
      lossPercent.toFixed(3),
      cpuSeconds.toFixed(1),
      peakMib.toFixed(0),
    ]);
  }
  return {
    title: `${kills} SIGKILLs, ${faultRate * 100} % of requests fail`,
    header: ['destination', 'in', 'unique', 'duplicates', 'loss %', 'CPU s', 'peak MiB'],
    rows,
  };
};
