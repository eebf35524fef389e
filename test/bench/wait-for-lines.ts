import { setTimeout as sleep } from 'node:timers/promises';
import type { Arrivals, Sink } from './sinks/sink.ts';
import type { Sample } from './sustained-rate.ts';

const countEveryMs = 50;
/** Longer than any batch waits to be filled. */
const giveUpAfterMs = 30_000;

/** What ships the lines. */
interface Shipper {
  readonly hasExited: boolean;
  readonly log: string;
}

const arrivedOf = ({ events, uniqueIds = events }: Arrivals): number => uniqueIds;

/**
 * Waits until a sink has all lines.
 *
 * @returns how many it had when.
 * @throws when lines are missing: what ships them has ended, or nothing has arrived for long.
 */
export const waitForLines = async (shipper: Shipper, sink: Pick<Sink, 'count'>, lines: number) => {
  const samples: Sample[] = [];
  let arrived = 0;
  let changedAtMs = performance.now();
  while (arrived < lines) {
    const isStuck = performance.now() - changedAtMs > giveUpAfterMs;
    if (shipper.hasExited || isStuck) {
      const why = shipper.hasExited ? 'the shipper ended' : `nothing arrived for ${giveUpAfterMs / 1000} s`;
      throw new Error(`${lines - arrived} of ${lines} lines are missing: ${why}. Its log:\n${shipper.log}`);
    }
    await sleep(countEveryMs);
    const now = arrivedOf(await sink.count());
    if (now !== arrived) changedAtMs = performance.now();
    arrived = now;
    samples.push({ seconds: performance.now() / 1000, events: arrived });
  }
  return samples;
};
