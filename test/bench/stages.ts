import type { Figures } from './figures.ts';
import { runAgent } from './run-agent.ts';
import { runJournalctl } from './run-journalctl.ts';
import { runReader } from './run-reader.ts';
import type { Workload } from './workload.ts';

const stages = {
  'journalctl-json': (workload) => runJournalctl('json', workload),
  'journalctl-export': (workload) => runJournalctl('export', workload),
  'native-read': (workload) => runReader(workload),
  blackhole: (workload) => runAgent('blackhole', workload),
  file: (workload) => runAgent('file', workload),
  http: (workload) => runAgent('http', workload),
  cloudwatch: (workload) => runAgent('cloudwatch', workload),
} as const satisfies Readonly<Record<string, (workload: Workload) => Promise<Figures>>>;

export type StageName = keyof typeof stages;

export const isStage = (name: string): name is StageName => Object.hasOwn(stages, name);

/** In the order in which they run. */
export const stageNames: readonly StageName[] = Object.keys(stages).filter(isStage);

/** Runs a stage once. */
export const runStage = async (stage: StageName, workload: Workload): Promise<Figures> => await stages[stage](workload);
