import { setTimeout as sleep } from 'node:timers/promises';
import { secondsUntil, TestBed } from './bed.ts';
import { type Settings, warmUpSeconds } from './settings.ts';
import { SinkProcess } from './sink-process.ts';
import { type PacedStream, quietStreams } from './stream.ts';
import type { Table } from '../bench/table.ts';

const quiet = 50;
const times = 50;
const flood = 'flood';
const currentMs = 3000;
const atMostSeconds = 600;
/** A request takes so long for each of its lines that the flood is caught up with slowly: two thirds are for what comes. */
const capacityShare = 1.5;

interface Run {
  readonly quietSeconds: number;
  readonly floodSeconds: number;
  readonly p99Ms: number;
  readonly peakMib: number;
  readonly stateKib: number;
  readonly duplicates: number;
}

const measure = async (streams: readonly PacedStream[], { rate, seconds }: Settings): Promise<Run> => {
  const bed = await TestBed.start(streams);
  const perLineUs = 1e6 / ((rate / 2) * capacityShare);
  const sink = await SinkProcess.start('http', [String(perLineUs)]);
  const agent = await bed.startAgent({
    slow: {
      type: 'loggly',
      token: 'not-a-secret',
      endpoint: sink.address,
      timeout: '10s',
      batch: { max_events: 1000 },
    },
  });
  try {
    await sleep(warmUpSeconds * 1000);
    await sink.setMood('silent');
    await sleep(seconds * 1000);
    const stateKib = await bed.stateKib();
    const backMs = Date.now();
    await sink.setMood('sound');
    const isCurrent = async (which: object): Promise<boolean> => (await sink.behindMs(which)) < currentMs;
    const untilQuiet = await secondsUntil('quiet ones are current', atMostSeconds, () => isCurrent({ without: flood }));
    const hasFlood = streams.some(({ container }) => container === flood);
    const untilFlood = hasFlood
      ? await secondsUntil('the flood is', atMostSeconds, () => isCurrent({ only: flood }))
      : 0;
    const { p99Ms } = await sink.delays({ fromMs: backMs, toMs: Date.now() - currentMs, without: flood });
    bed.endLogging();
    const { ownMib } = await agent.stop();
    const { events, uniqueIds } = await sink.totals();
    return {
      quietSeconds: untilQuiet,
      floodSeconds: untilQuiet + untilFlood,
      p99Ms,
      peakMib: ownMib,
      stateKib,
      duplicates: events - uniqueIds,
    };
  } finally {
    await agent.stop();
    sink.close();
    await bed.stop();
  }
};

/** One stream logs as much as fifty others together while their slow service catches up with an outage. */
export const measureFlood = async (settings: Settings): Promise<Table> => {
  const each = settings.rate / (quiet + times);
  settings.report('a flood: none');
  const without = await measure(quietStreams(quiet, each), settings);
  settings.report('a flood: one stream');
  const streams = [...quietStreams(quiet, each), { container: flood, linesPerSecond: each * times }];
  const withFlood = await measure(streams, settings);
  const rows: readonly (readonly [string, Run])[] = [
    ['no flood', without],
    ['flood', withFlood],
  ];
  return {
    title: `One stream at ${times} times ${quiet} others, ${settings.rate} lines/s, after ${settings.seconds} s of outage`,
    header: [
      'run',
      'quiet ones current after s',
      'flood after s',
      'p99 of quiet lines since the return',
      'peak MiB',
      'state KiB',
      'duplicates',
    ],
    rows: rows.map(([name, run]) => [
      name,
      run.quietSeconds.toFixed(1),
      name === 'flood' ? run.floodSeconds.toFixed(1) : '-',
      run.p99Ms.toFixed(0),
      run.peakMib.toFixed(0),
      run.stateKib.toFixed(1),
      String(run.duplicates),
    ]),
  };
};
