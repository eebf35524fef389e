import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../bench/figures.ts';
import { type Destinations, secondsUntil, TestBed } from './bed.ts';
import { type Settings, warmUpSeconds } from './settings.ts';
import { SinkProcess } from './sink-process.ts';
import { quietStreams } from './stream.ts';
import type { Table } from '../bench/table.ts';

const services = 20;
const atMostSeconds = 600;

interface Run {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly peakMib: number;
  readonly stateKib: number;
  /** From the return of the dead one until it had all lines of the span. */
  readonly catchUpSeconds: number;
}

/** Batches that wait long to be filled would hide what is measured; a timeout is what a dead service is noticed by. */
const lane = { type: 'loggly', token: 'not-a-secret', timeout: '10s', batch: { max_age: '250ms' } };

const destinationsAt = (sound: SinkProcess, other: SinkProcess): Destinations => ({
  sound: { ...lane, endpoint: sound.address },
  other: { ...lane, endpoint: other.address },
});

const measure = async (bed: TestBed, isOtherDead: boolean, { seconds }: Settings): Promise<Run> => {
  const [sound, other] = [await SinkProcess.start('http'), await SinkProcess.start('http')];
  if (isOtherDead) await other.setMood('silent');
  const agent = await bed.startAgent(destinationsAt(sound, other));
  try {
    await sleep(warmUpSeconds * 1000);
    const fromMs = Date.now();
    await sleep(seconds * 1000);
    const toMs = Date.now();
    const stateKib = await bed.stateKib();
    await other.setMood('sound');
    await secondsUntil(
      'the sound one has the span',
      atMostSeconds,
      async () => Date.now() - (await sound.behindMs()) > toMs,
    );
    const { p50Ms, p99Ms, events } = await sound.delays({ fromMs, toMs });
    const catchUpSeconds = await secondsUntil(
      'the dead one has the span too',
      atMostSeconds,
      async () => (await other.delays({ fromMs, toMs })).events >= events,
    );
    const { ownMib } = await agent.stop();
    return { p50Ms, p99Ms, peakMib: ownMib, stateKib, catchUpSeconds };
  } finally {
    await agent.stop();
    sound.close();
    other.close();
  }
};

const shown = (value: number): string => value.toFixed(0);

/** One destination takes connections and never answers; what the other one feels, and what the dead one gets when it is back. */
export const measureDeadDestination = async (settings: Settings): Promise<Table> => {
  const bed = await TestBed.start(quietStreams(services, settings.rate / services));
  const runs: (readonly [Run, Run])[] = [];
  try {
    for (let pair = 1; pair <= settings.pairs; pair += 1) {
      settings.report(`a dead destination, pair ${pair} of ${settings.pairs}`);
      runs.push([await measure(bed, false, settings), await measure(bed, true, settings)]);
    }
  } finally {
    await bed.stop();
  }
  const allowed = (both: Run): number => 1.5 * both.p99Ms + 50;
  const excess = median(runs.map(([both, one]) => one.p99Ms - allowed(both)));
  return {
    title: `One of two destinations dead, ${settings.rate} lines/s, ${settings.seconds} s`,
    header: [
      'pair',
      'p50',
      'p99',
      'p50, other dead',
      'p99, other dead',
      'allowed',
      'peak MiB',
      'other dead',
      'state KiB',
      'has all after s',
    ],
    rows: runs.map(([both, one], index) => [
      String(index + 1),
      shown(both.p50Ms),
      shown(both.p99Ms),
      shown(one.p50Ms),
      shown(one.p99Ms),
      shown(allowed(both)),
      shown(both.peakMib),
      shown(one.peakMib),
      one.stateKib.toFixed(1),
      one.catchUpSeconds.toFixed(1),
    ]),
    conclusion: `Median of p99 over what is allowed (1.5 x p99 + 50 ms): ${shown(excess)} ms${excess <= 0 ? '' : ': TOO MUCH'}`,
  };
};
