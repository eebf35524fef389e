import { describe, expect, test } from '@jest/globals';
import { fieldsOf } from '../../../test/support/events.ts';
import { toldLoss } from './told-loss.ts';

/** As journald 252 wrote it for a service beyond its rate limit. */
const suppressed = {
  _TRANSPORT: 'driver',
  MESSAGE: 'Suppressed 5075 messages from foo.service',
  MESSAGE_ID: 'a596d6fe7bfa4994828e72309e95d61e',
  N_DROPPED: '5075',
  OBJECT_SYSTEMD_UNIT: 'foo.service',
};

const missed = {
  _TRANSPORT: 'driver',
  MESSAGE: 'Missed 12 kernel messages',
  MESSAGE_ID: 'e9bf28e6e834481bb6f48f548ad13606',
};

describe('what journald tells to be lost', () => {
  test('is what its rate limit suppressed, of the unit that it silenced', () => {
    expect(toldLoss(fieldsOf(suppressed))).toEqual({
      reason: 'suppressed by journald',
      count: 5075,
      owner: { kind: 'unit', unit: 'foo.service' },
    });
  });

  test('is of nobody known where no unit is named', () => {
    const { OBJECT_SYSTEMD_UNIT: _, ...unnamed } = suppressed;
    expect(toldLoss(fieldsOf(unnamed))?.owner).toEqual({ kind: 'unknown' });
  });

  test('is what it missed of the kernel', () => {
    expect(toldLoss(fieldsOf(missed))).toEqual({
      reason: 'missed by journald',
      count: 12,
      owner: { kind: 'kernel' },
    });
  });

  test.each([
    ['a process that pretends to be journald', { ...suppressed, _TRANSPORT: 'journal' }],
    ['a process that pretends to be journald for the kernel', { ...missed, _TRANSPORT: 'syslog' }],
    ['no known number', { ...suppressed, N_DROPPED: '-5' }],
    ['a number beyond all lines', { ...suppressed, N_DROPPED: '9'.repeat(20) }],
    ['no lines', { ...suppressed, N_DROPPED: '0' }],
    ['another text', { ...missed, MESSAGE: 'Missed 12 kernel messages or so' }],
    ['something else of journald', { _TRANSPORT: 'driver', MESSAGE_ID: 'f77379a8490b408bbe5f6940505a777b' }],
  ])('is nothing by %s', (_, fields) => {
    expect(toldLoss(fieldsOf(fields))).toBeUndefined();
  });
});
