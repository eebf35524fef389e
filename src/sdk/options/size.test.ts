import { describe, expect, test } from '@jest/globals';
import { parseSize, size } from './size.ts';

describe('a size', () => {
  test.each([
    ['512B', 512],
    ['0B', 0],
    ['1kB', 1000],
    ['1KiB', 1024],
    ['64 MiB', 67_108_864],
    ['1MB', 1_000_000],
    ['1.5GiB', 1_610_612_736],
    ['2GB', 2_000_000_000],
    ['0.3B', 0],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
    expect(size().parse(text)).toBe(bytes);
  });

  test.each([
    '',
    '64',
    'MiB',
    '64M',
    '64mib',
    '1KB',
    '-1B',
    '1  B',
    '1e3B',
    '1.B',
    '1TiB',
    '1B\n',
    '9'.repeat(20) + 'B',
  ])('%j is refused, with an example', (text) => {
    expect(parseSize(text)).toBeUndefined();
    expect(size().safeParse(text).error?.issues[0]?.message).toContain('as 512KiB, 64MiB or 1GB');
  });

  test('a number has no unit', () => {
    expect(size().safeParse(1024).success).toBe(false);
  });
});
