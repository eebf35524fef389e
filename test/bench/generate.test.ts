import { describe, expect, test } from '@jest/globals';
import { isJsonObject } from '../../src/event/json.ts';
import { parseJson } from '../fakes/event-id.ts';
import { generateExport } from './generate.ts';

const generate = (seed: number, entries: number): readonly string[] =>
  [...generateExport({ seed, entries, endsAtMs: Date.UTC(2026, 10, 22) })].join('').split('\n\n').slice(0, -1);

const fieldsOf = (entry: string): ReadonlyMap<string, string> =>
  new Map(
    entry.split('\n').map((line) => {
      const end = line.indexOf('=');
      return [line.slice(0, end), line.slice(end + 1)];
    }),
  );

describe('the generated journal', () => {
  const entries = generate(1, 20_000).map(fieldsOf);
  const messages = entries.map((entry) => entry.get('MESSAGE') ?? '');

  test('is the same for the same seed, and another for another', () => {
    expect(generate(1, 700)).toEqual(generate(1, 700));
    expect(generate(2, 700)).not.toEqual(generate(1, 700));
  });

  test('has as many entries as asked for, of 25 fields and two times each', () => {
    expect(entries).toHaveLength(20_000);
    expect(new Set(entries.map(({ size }) => size))).toEqual(new Set([25 + 2]));
  });

  test('ends when told, each entry later than the one before', () => {
    const times = entries.map((entry) => Number(entry.get('__REALTIME_TIMESTAMP')));
    expect(times.at(-1)).toBe(Date.UTC(2026, 10, 22) * 1000);
    expect(times).toEqual([...new Set(times)].toSorted((one, other) => one - other));
  });

  test('is of 200 containers that write to both of their streams', () => {
    const streams = new Set(entries.map((entry) => `${entry.get('CONTAINER_NAME')} ${entry.get('PRIORITY')}`));
    expect(streams.size).toBe(200 * 2);
  });

  test('has messages of about 143 bytes, half of them JSON', () => {
    const bytes = messages.reduce((sum, message) => sum + Buffer.byteLength(message), 0);
    expect(Math.round(bytes / messages.length)).toBe(143);
    const json = messages.filter((message) => isJsonObject(parseJson(message))).length;
    expect(json / messages.length).toBeCloseTo(0.5, 1);
  });
});
