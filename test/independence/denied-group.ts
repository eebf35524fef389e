import { setTimeout as sleep } from 'node:timers/promises';
import { secondsUntil, TestBed } from './bed.ts';
import { type Settings, warmUpSeconds } from './settings.ts';
import { SinkProcess } from './sink-process.ts';
import { quietStreams } from './stream.ts';
import type { Table } from '../bench/table.ts';

const groups = 200;
const denied = 'service77';
/** More than a batch waits to be filled. */
const currentMs = 10_000;
/** Asking again takes up to five minutes. */
const atMostSeconds = 900;

interface Run {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly peakMib: number;
  readonly stateKib: number;
  readonly healedSeconds: number;
  readonly duplicates: number;
}

const measure = async (bed: TestBed, mood: string, { seconds }: Settings): Promise<Run> => {
  const names = Array.from({ length: groups }, (_, index) => `service${index}`);
  const sink = await SinkProcess.start('cloudwatch', [JSON.stringify(names)]);
  await sink.setMood(mood);
  const agent = await bed.startAgent({
    cloudwatch: { region: 'us-east-1', endpoint: sink.address, stream: '{{service}}' },
  });
  try {
    await sleep(warmUpSeconds * 1000);
    const fromMs = Date.now();
    await sleep(seconds * 1000);
    const toMs = Date.now();
    const stateKib = await bed.stateKib();
    await sleep(currentMs);
    const { p50Ms, p99Ms } = await sink.delays({ fromMs, toMs, without: denied });
    await sink.setMood('sound');
    const healedSeconds = await secondsUntil(
      'the denied group is current',
      atMostSeconds,
      async () => (await sink.behindMs({ only: denied })) < currentMs,
    );
    const { ownMib } = await agent.stop();
    const { events, uniqueIds } = await sink.totals();
    return { p50Ms, p99Ms, peakMib: ownMib, stateKib, healedSeconds, duplicates: events - uniqueIds };
  } finally {
    await agent.stop();
    sink.close();
  }
};

/** One group of 200 is denied for the whole run and then granted; what the others feel. */
export const measureDeniedGroup = async (settings: Settings): Promise<Table> => {
  const bed = await TestBed.start(quietStreams(groups, settings.rate / groups));
  const runs = new Map<string, Run>();
  try {
    settings.report('a denied group: none denied');
    runs.set('none denied', await measure(bed, 'sound', settings));
    settings.report('a denied group: one denied');
    runs.set('one denied', await measure(bed, denied, settings));
  } finally {
    await bed.stop();
  }
  return {
    title: `One CloudWatch group of ${groups} denied, ${settings.rate} lines/s, ${settings.seconds} s`,
    header: ['run', 'p50 of the others', 'p99', 'peak MiB', 'state KiB', 'denied one current after s', 'duplicates'],
    rows: Array.from(runs, ([name, run]) => [
      name,
      run.p50Ms.toFixed(0),
      run.p99Ms.toFixed(0),
      run.peakMib.toFixed(0),
      run.stateKib.toFixed(1),
      name === 'none denied' ? '-' : run.healedSeconds.toFixed(1),
      String(run.duplicates),
    ]),
  };
};
