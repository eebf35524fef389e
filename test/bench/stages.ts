import type { Figures } from './figures.ts';
import { fluentBitStages, isFluentBitStage } from './fluent-bit.ts';
import type { LiveFigures } from './live-figures.ts';
import type { Measurement } from './measurement.ts';
import type { Reader } from './readers.ts';
import { runAgent } from './run-agent.ts';
import { followWithFluentBit, runFluentBit } from './run-fluent-bit.ts';
import { type HealthFigures, runHealth } from './run-health.ts';
import { runJournalctl } from './run-journalctl.ts';
import { runLive } from './run-live.ts';
import { runReader } from './run-reader.ts';
import { sinks } from './sinks/start-sink.ts';
import type { Workload } from './workload.ts';

/** What reads the journal in its own way, without the agent. */
const baselines = {
  'journalctl-json': (workload) => runJournalctl('json', workload),
  'journalctl-export': (workload) => runJournalctl('export', workload),
  'native-read': (workload) => runReader(workload),
} as const satisfies Readonly<Record<string, (workload: Workload) => Promise<Figures>>>;

const isBaseline = (name: string): name is keyof typeof baselines => Object.hasOwn(baselines, name);
const isSink = (name: string): name is keyof typeof sinks => Object.hasOwn(sinks, name);

/** What ships a journal as fast as it can, in the order in which it runs. */
export const shippingStages: readonly string[] = [...Object.keys(baselines), ...Object.keys(sinks)];

/** Every stage there is. */
export const stageNames: readonly string[] = [...shippingStages, ...fluentBitStages, 'health', 'live'];

/** What ships while its health page is asked. */
const asked = ['http', 'three'] as const;
/** `batch.max_age`: the adapter's own, and one that hides nothing of what the reader takes. */
const liveMaxAges = [undefined, '10ms'] as const;
const livePace = { linesPerSecond: 10_000, seconds: 10 } as const;

/** What stages are measured with. */
export interface Means {
  readonly readers: readonly Reader[];
  /** Path of the executable; undefined: there is none. */
  readonly fluentBit: string | undefined;
}

/** Why a stage can't be run here, for people; undefined: it can. */
export const missingFor = (stage: string, { fluentBit }: Means): string | undefined => {
  if (isFluentBitStage(stage) && fluentBit === undefined) return 'there is no fluent-bit on PATH';
  if (stage === 'live' && process.getuid?.() !== 0) return 'a journald of its own needs root';
  return undefined;
};

const shippingOf = (stage: string, { readers, fluentBit = '' }: Means): readonly Measurement<Figures>[] => {
  if (isBaseline(stage)) return [{ name: stage, run: baselines[stage] }];
  if (isFluentBitStage(stage)) {
    return [{ name: stage, run: async (workload) => await runFluentBit(stage, fluentBit, workload) }];
  }
  if (!isSink(stage)) return [];
  return readers.map((reader) => ({
    name: `${stage} with ${reader}`,
    run: async (workload) => await runAgent(stage, reader, workload),
  }));
};

const healthOf = ({ readers }: Means): readonly Measurement<HealthFigures>[] =>
  asked.flatMap((sink) =>
    readers.map((reader) => ({
      name: `health while shipping to ${sink} with ${reader}`,
      run: async (workload: Workload) => await runHealth(sink, reader, workload),
    })),
  );

const liveFluentBitOf = ({ fluentBit }: Means): readonly Measurement<LiveFigures>[] =>
  fluentBit === undefined
    ? []
    : [
        {
          name: 'live with fluent-bit',
          run: async () => await followWithFluentBit('fluent-bit-durable', fluentBit, livePace),
        },
      ];

const liveOf = (means: Means): readonly Measurement<LiveFigures>[] => [
  ...liveMaxAges.flatMap((maxAge) =>
    means.readers.map((reader) => ({
      name: `live with ${reader}, max_age ${maxAge ?? 'by default'}`,
      run: async () => await runLive(reader, maxAge, livePace),
    })),
  ),
  ...liveFluentBitOf(means),
];

/** What to measure, by the table it belongs to. */
export interface Plan {
  readonly shipping: readonly Measurement<Figures>[];
  readonly health: readonly Measurement<HealthFigures>[];
  readonly live: readonly Measurement<LiveFigures>[];
}

/** Baselines once, the agent's stages with each of the readers. */
export const planOf = (stages: readonly string[], means: Means): Plan => ({
  shipping: stages.flatMap((stage) => shippingOf(stage, means)),
  health: stages.includes('health') ? healthOf(means) : [],
  live: stages.includes('live') ? liveOf(means) : [],
});
