import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatJournalId, journalIdLength } from './event-id.ts';

const hex = (maxDigits: number) =>
  fc.bigInt({ min: 0n, max: 16n ** BigInt(maxDigits) - 1n }).map((value) => value.toString(16));

const identity = fc.record({
  bootId: hex(32).map((text) => text.padStart(32, '0')),
  monotonicUs: hex(14),
  realtimeUs: hex(14),
  xorHash: hex(16),
});

describe('the id of a journal entry', () => {
  test.each([
    [
      {
        bootId: 'f0abb46a847f4eb58cc18477fc3a1563',
        monotonicUs: '642af563',
        realtimeUs: '660dc4b7200bf',
        xorHash: 'ce53f9f69a2a0f13',
      },
      '10a2RHr7-jk---5FexLEkevGeW6xDhNn0W6UwDWKYn_Etxdce2lB',
    ],
    [
      { bootId: '0'.repeat(32), monotonicUs: '0', realtimeUs: '0', xorHash: '0' },
      '1---------------------------------------------------',
    ],
    [
      { bootId: 'f'.repeat(32), monotonicUs: 'f'.repeat(14), realtimeUs: 'f'.repeat(14), xorHash: 'f'.repeat(16) },
      '1zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzw',
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
        const { realtimeUs, monotonicUs, bootId, xorHash } = entry;
        expect(Buffer.from(base64, 'base64url').toString('hex')).toBe(
          realtimeUs.padStart(14, '0') + monotonicUs.padStart(14, '0') + bootId + xorHash.padStart(16, '0'),
        );
      }),
    );
  });

  test('sorts by the time of receipt', () => {
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        const [timeA, timeB] = [Number.parseInt(a.realtimeUs, 16), Number.parseInt(b.realtimeUs, 16)];
        fc.pre(timeA < timeB);
        expect(formatJournalId(a) < formatJournalId(b)).toBe(true);
      }),
    );
  });
});
