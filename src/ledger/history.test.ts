import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { countsBetween } from './balance.ts';
import type { NamedCounts } from './counts.ts';
import { LedgerHistory, type HistoryPoint } from './history.ts';
import { HistoryStore } from './history-store.ts';

const hour = 3_600_000;
const day = 24 * hour;
const beginMs = Date.UTC(2026, 10, 22, 5, 40);

const counts = (service: string, read: number): NamedCounts => ({
  service,
  read,
  settled: { delivered: read },
  lost: {},
  announced: {},
});

/** A history to which a service's counter was added every hour: `10 * n` after n hours. */
const hourly = (hours: number): LedgerHistory => {
  const history = new LedgerHistory(undefined);
  for (let passed = 0; passed <= hours; passed += 1)
    history.add({ atMs: beginMs + passed * hour, services: [counts('web', 10 * passed)] });
  return history;
};

const readAt = (point: HistoryPoint | undefined, service = 'web'): number | undefined =>
  point?.services.find((each) => each.service === service)?.read;

describe('LedgerHistory', () => {
  test('knows the counters of the hour before any moment of two days', () => {
    const history = hourly(40);
    for (const hours of [0, 1, 17, 40]) {
      const point = history.pointBefore(beginMs + hours * hour + hour / 2);
      expect([point?.atMs, readAt(point) ?? 0]).toEqual([beginMs + hours * hour, 10 * hours]);
    }
  });

  test('knows what was before it only from its own beginning on', () => {
    expect(hourly(5).pointBefore(0)?.atMs).toBe(beginMs);
    expect(new LedgerHistory(undefined).pointBefore(beginMs)).toBeUndefined();
  });

  test('keeps days of what is older, for five weeks, with exact counters', () => {
    const history = hourly(60 * 24);
    const nowMs = beginMs + 60 * day;
    expect(history.content?.steps.length).toBeLessThanOrEqual(48 + 35);
    for (const days of [1, 3, 20, 33]) {
      const point = history.pointBefore(nowMs - days * day);
      expect(readAt(point)).toBe(((point?.atMs ?? 0) - beginMs) / (hour / 10));
      expect(nowMs - days * day - (point?.atMs ?? 0)).toBeLessThan(day);
    }
    expect(nowMs - (history.pointBefore(0)?.atMs ?? 0)).toBeGreaterThan(33 * day);
  });

  test('gives what was kept, whatever came between', () => {
    const growth = fc.array(fc.record({ service: fc.constantFrom('a', 'b', 'c'), lines: fc.nat(50) }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(growth, (added) => {
        const history = new LedgerHistory(undefined);
        const totals = new Map<string, number>();
        const points = added.map(({ service, lines }, index): HistoryPoint => {
          totals.set(service, (totals.get(service) ?? 0) + lines);
          const services = Array.from(totals, ([name, read]) => counts(name, read));
          return { atMs: beginMs + index * hour, services };
        });
        for (const point of points) history.add(point);
        const restored = new LedgerHistory(JSON.parse(JSON.stringify(history.content)));
        for (const point of points)
          expect(countsBetween(restored.pointBefore(point.atMs)?.services ?? [], point.services)).toEqual([]);
      }),
    );
  });

  test('is due with each new hour', () => {
    const history = new LedgerHistory(undefined);
    expect(history.isDue(beginMs)).toBe(true);
    history.add({ atMs: beginMs, services: [] });
    expect([history.isDue(beginMs + 19 * 60_000), history.isDue(beginMs + 20 * 60_000)]).toEqual([false, true]);
  });

  test('begins anew with counters of another checkpoint', () => {
    const history = hourly(5);
    history.add({ atMs: beginMs + 6 * hour, services: [counts('web', 49)] });
    expect(history.content).toEqual({ base: { atMs: beginMs + 6 * hour, services: [counts('web', 49)] }, steps: [] });
    history.add({ atMs: beginMs + 7 * hour, services: [] });
    expect(history.content).toEqual({ base: { atMs: beginMs + 7 * hour, services: [] }, steps: [] });
  });

  test('forgets moments of the future when the clock was set back', () => {
    const history = hourly(5);
    history.add({ atMs: beginMs + 2.5 * hour, services: [counts('web', 60)] });
    const point = history.pointBefore(beginMs + 100 * hour);
    expect([point?.atMs, readAt(point)]).toEqual([beginMs + 2.5 * hour, 60]);
    expect(readAt(history.pointBefore(beginMs + 2 * hour))).toBe(20);
  });

  test('stays within kilobytes, by reaching back less far', () => {
    const history = new LedgerHistory(undefined);
    for (let passed = 0; passed < 40; passed += 1) {
      const services = Array.from({ length: 1000 }, (_, index) => counts(`service-${index}`, passed * (index + 1)));
      history.add({ atMs: beginMs + passed * hour, services });
    }
    expect(JSON.stringify(history.content).length).toBeLessThan(400 * 1024);
    const point = history.pointBefore(0);
    expect(readAt(point, 'service-9')).toBe((((point?.atMs ?? 0) - beginMs) / hour) * 10);
  });
});

describe('HistoryStore', () => {
  let state: string;
  let store: HistoryStore;
  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'sluice-history-'));
    store = new HistoryStore(state);
  });
  afterEach(() => rm(state, { recursive: true }));

  test('gives back what it saved', async () => {
    await store.save('loggly', hourly(50));
    const { history, isDamaged } = await store.load('loggly');
    expect({ content: history.content, isDamaged }).toEqual({ content: hourly(50).content, isDamaged: false });
  });

  test('has an empty history where there is none, or one that is not whole', async () => {
    expect(await store.load('loggly')).toMatchObject({ isDamaged: false });
    await store.save('loggly', hourly(50));
    const file = join(state, 'ledger/loggly.json');
    const text = await readFile(file, 'utf8');
    for (const damaged of ['', '{}', text.slice(0, -20), text.replace('"read":10', '"read":11')]) {
      await writeFile(file, damaged);
      const { history, isDamaged } = await store.load('loggly');
      expect({ content: history.content, isDamaged }).toEqual({ content: undefined, isDamaged: true });
    }
  });
});
