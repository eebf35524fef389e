import type { Figures } from './figures.ts';
import type { Reader } from './readers.ts';
import { runAgent } from './run-agent.ts';
import { runJournalctl } from './run-journalctl.ts';
import { runReader } from './run-reader.ts';
import { sinks } from './sinks/start-sink.ts';
import type { Workload } from './workload.ts';

type Measure = (workload: Workload) => Promise<Figures>;

/** What reads the journal in its own way, without the agent. */
const baselines = {
  'journalctl-json': (workload) => runJournalctl('json', workload),
  'journalctl-export': (workload) => runJournalctl('export', workload),
  'native-read': (workload) => runReader(workload),
} as const satisfies Readonly<Record<string, Measure>>;

export type StageName = keyof typeof baselines | keyof typeof sinks;

const isBaseline = (name: string): name is keyof typeof baselines => Object.hasOwn(baselines, name);

export const isStage = (name: string): name is StageName => isBaseline(name) || Object.hasOwn(sinks, name);

/** In the order in which they run. */
export const stageNames: readonly StageName[] = [...Object.keys(baselines), ...Object.keys(sinks)].filter(isStage);

/** One row of the table: what is run once per round. */
export interface Measurement {
  readonly name: string;
  readonly run: Measure;
}

/** Baselines once, the agent's stages with each of the readers. */
export const measurementsOf = (stage: StageName, readers: readonly Reader[]): readonly Measurement[] =>
  isBaseline(stage)
    ? [{ name: stage, run: baselines[stage] }]
    : readers.map((reader) => ({
        name: `${stage} with ${reader}`,
        run: (workload) => runAgent(stage, reader, workload),
      }));
