import { describe, expect, test } from '@jest/globals';
import type { StorageSettings } from './journald-conf.ts';
import { spaceLimits } from './space-limits.ts';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

const unset: StorageSettings = {
  maxUseBytes: undefined,
  keepFreeBytes: undefined,
  maxFileBytes: undefined,
  maxRetentionMs: undefined,
};

const space = (availableBytes: number) => ({ sizeBytes: gibibyte, availableBytes });
const emptyDisk = (sizeBytes: number) => ({ sizeBytes, availableBytes: sizeBytes });

describe('what journald keeps', () => {
  test('is a tenth of the file system, 4 GiB at most, in eight files of 128 MiB at most', () => {
    expect(spaceLimits(unset, emptyDisk(10 * gibibyte), 0)).toEqual({
      maxBytes: gibibyte,
      maxFileBytes: 128 * mebibyte,
    });
    expect(spaceLimits(unset, emptyDisk(500 * gibibyte), 0)).toEqual({
      maxBytes: 4 * gibibyte,
      maxFileBytes: 128 * mebibyte,
    });
    expect(spaceLimits(unset, emptyDisk(800 * mebibyte), 0)).toEqual({
      maxBytes: 80 * mebibyte,
      maxFileBytes: 10 * mebibyte,
    });
  });

  test('is what is configured, two files at least', () => {
    const settings = { ...unset, maxUseBytes: 64 * mebibyte };
    expect(spaceLimits(settings, emptyDisk(gibibyte), 0)).toEqual({
      maxBytes: 64 * mebibyte,
      maxFileBytes: 8 * mebibyte,
    });
    expect(spaceLimits({ ...settings, maxFileBytes: 50 * mebibyte }, emptyDisk(gibibyte), 0)).toEqual({
      maxBytes: 100 * mebibyte,
      maxFileBytes: 50 * mebibyte,
    });
  });

  test('is less where others fill the disk, though never less than it has', () => {
    const settings = { ...unset, maxUseBytes: 500 * mebibyte, keepFreeBytes: 100 * mebibyte };
    expect(spaceLimits(settings, space(150 * mebibyte), 200 * mebibyte).maxBytes).toBe(250 * mebibyte);
    expect(spaceLimits(settings, space(50 * mebibyte), 200 * mebibyte).maxBytes).toBe(200 * mebibyte);
  });
});
