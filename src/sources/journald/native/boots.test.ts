import { describe, expect, test } from '@jest/globals';
import { type BootedFile, Boots, type FileBoot, type Tail } from './boots.ts';

const fileOf = (
  tail: Partial<Tail> | undefined,
  tellsTailBoot = true,
  boots: readonly FileBoot[] = [],
): BootedFile => ({
  sequenceId: 'counter',
  boots,
  tail: tail && { bootId: 'a', monotonicUs: 10, realtimeUs: 1000, machineId: 'own', ...tail },
  tellsTailBoot,
});

const compare = (files: readonly BootedFile[]): number => Math.sign(new Boots(() => files).compare('a', 'b'));

describe('the order of boots', () => {
  test('is that of the newest times that files end with', () => {
    const early = fileOf({ bootId: 'a', realtimeUs: 1000 });
    expect(compare([early, fileOf({ bootId: 'b', realtimeUs: 2000 })])).toBe(-1);
    expect(compare([early, fileOf({ bootId: 'b', realtimeUs: 500 })])).toBe(1);
    expect(compare([early, fileOf({ bootId: 'b', realtimeUs: 1000 })])).toBe(0);
  });

  test('goes by the newest entry of a boot, which its own clock tells', () => {
    const newest = fileOf({ bootId: 'a', monotonicUs: 20, realtimeUs: 100 });
    const older = fileOf({ bootId: 'a', monotonicUs: 10, realtimeUs: 900 });
    const other = fileOf({ bootId: 'b', realtimeUs: 500 });
    expect(compare([newest, older, other])).toBe(-1);
    expect(compare([older, newest, other])).toBe(-1);
  });

  test.each([
    ['a boot that no file ends with', [fileOf({ bootId: 'a' })]],
    ['a file without entries', [fileOf({ bootId: 'a' }), fileOf(undefined)]],
    ['boots of two machines', [fileOf({}), fileOf({ bootId: 'b', realtimeUs: 2000, machineId: 'other' })]],
    ['a clock that was not set', [fileOf({}), fileOf({ bootId: 'b', monotonicUs: 3000, realtimeUs: 2000 })]],
    ['files of systemd up to 253', [fileOf({}, false), fileOf({ bootId: 'b', realtimeUs: 2000 }, false)]],
  ])('is not known of %s', (_, files) => {
    expect(compare(files)).toBe(0);
  });

  test('is known where one file is of systemd 254, and others were there before', () => {
    expect(compare([fileOf({}, false), fileOf({ bootId: 'b', realtimeUs: 2000 })])).toBe(-1);
  });

  test('is that of the numbers that a counter gave in both, whatever the clock showed', () => {
    const first = fileOf({ bootId: 'a', realtimeUs: 2000 }, true, [{ bootId: 'a', sequence: 5, realtimeUs: 2000 }]);
    const second = fileOf({ bootId: 'b', realtimeUs: 1000 }, true, [{ bootId: 'b', sequence: 9, realtimeUs: 1000 }]);
    expect(compare([first, second])).toBe(-1);
    expect(compare([fileOf(undefined, false, [...first.boots, ...second.boots])])).toBe(-1);
    expect(compare([first, { ...second, sequenceId: 'other' }])).toBe(1);
  });

  test('is looked at again once files have changed', () => {
    const files = [fileOf({ realtimeUs: 1000 }), fileOf({ bootId: 'b', realtimeUs: 500 })];
    const boots = new Boots(() => files);
    expect(boots.compare('a', 'b')).toBeGreaterThan(0);
    files.push(fileOf({ bootId: 'b', monotonicUs: 30, realtimeUs: 3000 }));
    boots.forget();
    expect(boots.compare('a', 'b')).toBeLessThan(0);
  });
});
