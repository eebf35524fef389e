import { describe, expect, test } from '@jest/globals';
import { ConditionWatch, type DestinationSample } from './condition-watch.ts';

const sound: DestinationSample = { state: 'ok', pending: 5, progressAtMs: 0 };
const dead: DestinationSample = { state: 'retrying', pending: 5, progressAtMs: 0 };

/** A watch that was shown samples, one a second from 1 s on. */
const shown = (...samples: readonly DestinationSample[]): ConditionWatch => {
  const watch = new ConditionWatch(0);
  for (const [index, sample] of samples.entries()) watch.observe(sample, (index + 1) * 1000);
  return watch;
};

describe('ConditionWatch', () => {
  test('knows when the state began, whatever its reason', () => {
    expect(shown(sound, sound).sinceMs).toBe(0);
    expect(shown(sound, dead, dead).sinceMs).toBe(2000);
    expect(shown(dead, { ...dead, state: 'denied' }, sound).sinceMs).toBe(3000);
  });

  test('counts how long a destination that refuses has got nowhere', () => {
    expect(shown(sound, dead, dead, dead).stalledMs).toBe(2000);
  });

  test('counts nothing while it progresses, and nothing when no line waits', () => {
    expect(shown(dead, dead, { ...dead, progressAtMs: 2500 }).stalledMs).toBe(500);
    expect(shown(dead, dead, { ...dead, pending: 0 }).stalledMs).toBe(0);
  });

  test('counts nothing while lines of a sound destination wait for their batch to fill', () => {
    expect(shown(sound, sound, sound).stalledMs).toBe(0);
  });
});
