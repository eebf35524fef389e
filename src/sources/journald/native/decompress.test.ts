import { expect, test } from '@jest/globals';
import { zstdCompressSync } from 'node:zlib';
import { decompress } from './decompress.ts';

const zstd = 4;
const lz4 = 2;

test('a zstd payload is had whole or not at all, within the limit', () => {
  const stored = zstdCompressSync(Buffer.alloc(10_000_000, 'x'));
  expect(decompress(zstd, stored, 10_000_000)?.totalBytes).toBe(10_000_000);
  expect(decompress(zstd, stored, 1_000_000)).toBeUndefined();
});

test('an LZ4 payload that claims to be huge takes no more than the limit', () => {
  const stored = Buffer.concat([Buffer.alloc(8, 0xff), Buffer.from([0x10, 0x61])]);
  expect(() => decompress(lz4, stored, 1000)).toThrow('shorter than it says');
});

test.each([[zstd], [lz4], [1], [6]])('what is not compressed as flags %i say is damaged', (flags) => {
  expect(() => decompress(flags, Buffer.from([1, 2, 3]), 1000)).toThrow(
    expect.objectContaining({ name: 'DamageError' }),
  );
});
