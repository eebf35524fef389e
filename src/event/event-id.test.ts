import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatJournalId, journalIdLength } from './event-id.ts';

const bits = (max: number) => fc.integer({ min: 0, max });

const identity = fc.record({
  bootId: fc.stringMatching(/^[0-9a-f]{32}$/),
  monotonicUs: fc.maxSafeNat(),
  realtimeUs: fc.maxSafeNat(),
  hashHigh: bits(0xffff_ffff),
  hashLow: bits(0xffff_ffff),
});

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

describe('the id of a journal entry', () => {
  test.each([
    [
      {
        bootId: 'f0abb46a847f4eb58cc18477fc3a1563',
        monotonicUs: 0x642a_f563,
        realtimeUs: 0x6_60dc_4b72_00bf,
        hashHigh: 0xce53_f9f6 | 0,
        hashLow: 0x9a2a_0f13 | 0,
      },
      '10a2RHr7-jk---5FexLEkevGeW6xDhNn0W6UwDWKYn_Etxdce2lB',
    ],
    [
      { bootId: '0'.repeat(32), monotonicUs: 0, realtimeUs: 0, hashHigh: 0, hashLow: 0 },
      '1---------------------------------------------------',
    ],
    [
      {
        bootId: 'f'.repeat(32),
        monotonicUs: Number.MAX_SAFE_INTEGER,
        realtimeUs: Number.MAX_SAFE_INTEGER,
        hashHigh: 0xffff_ffff,
        hashLow: 0xffff_ffff,
      },
      '16zzzzzzzzlzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzw',
    ],
  ])('is frozen: %j', (entry, expected) => {
    expect(formatJournalId(entry)).toBe(expected);
  });

  test('has one width and no character that needs quoting', () => {
    fc.assert(
      fc.property(identity, (entry) => {
        const id = formatJournalId(entry);
        expect(id).toHaveLength(journalIdLength);
        expect(id).toMatch(/^1[-0-9A-Z_a-z]+$/);
      }),
    );
  });

  test('holds all of the identity', () => {
    const alphabet = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
    const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    fc.assert(
      fc.property(identity, (entry) => {
        const characters = formatJournalId(entry).slice(1);
        const base64 = characters
          .split('')
          .map((character) => standard.charAt(alphabet.indexOf(character)))
          .join('');
        const { realtimeUs, monotonicUs, bootId, hashHigh, hashLow } = entry;
        expect(Buffer.from(base64, 'base64url').toString('hex')).toBe(
          hex(realtimeUs, 14) + hex(monotonicUs, 14) + bootId + hex(hashHigh, 8) + hex(hashLow, 8),
        );
      }),
    );
  });

  test('sorts by the time of receipt', () => {
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        fc.pre(a.realtimeUs < b.realtimeUs);
        expect(formatJournalId(a) < formatJournalId(b)).toBe(true);
      }),
    );
  });
});
