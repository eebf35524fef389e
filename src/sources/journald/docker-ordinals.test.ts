import { describe, expect, test } from '@jest/globals';
import { exportedRecord } from '../../../test/support/export-entry.ts';
import { DockerOrdinals } from './docker-ordinals.ts';
import type { JournalRecord } from './journal-record.ts';

interface Entry {
  readonly ordinal: number | string;
  readonly seconds: number;
  readonly container?: string;
  readonly epoch?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

const record = ({ ordinal, seconds, container = 'c', epoch = 'e', fields = {} }: Entry): JournalRecord => {
  const timeUs = 1_000_000_000 + seconds * 1e6;
  return exportedRecord({
    __CURSOR: `s=${'a'.repeat(32)};i=1;b=${'b'.repeat(32)};m=1;t=${timeUs.toString(16)};x=1`,
    _TRANSPORT: 'journal',
    _UID: '0',
    _COMM: 'dockerd',
    _SYSTEMD_UNIT: 'docker.service',
    CONTAINER_ID_FULL: container,
    CONTAINER_LOG_EPOCH: epoch,
    CONTAINER_LOG_ORDINAL: String(ordinal),
    ...fields,
  });
};

/** How many lines are lost at each entry, read one after another. */
const lostAt = (entries: readonly Entry[]): readonly number[] => {
  const ordinals = new DockerOrdinals();
  return entries.map((entry) => ordinals.lossAt(record(entry))?.count ?? 0);
};

describe('lines that dockerd counts', () => {
  test('are missing between two ordinals, told once it is certain', () => {
    expect(
      lostAt([
        { ordinal: 4, seconds: 0 },
        { ordinal: 5, seconds: 0.1 },
        { ordinal: 9, seconds: 0.2 },
        { ordinal: 10, seconds: 0.3 },
        { ordinal: 11, seconds: 1.3 },
        { ordinal: 12, seconds: 1.4 },
      ]),
    ).toEqual([0, 0, 0, 0, 3, 0]);
  });

  test('are of the container whose record tells it', () => {
    const ordinals = new DockerOrdinals();
    ordinals.lossAt(record({ ordinal: 1, seconds: 0 }));
    ordinals.lossAt(record({ ordinal: 3, seconds: 0 }));
    expect(ordinals.lossAt(record({ ordinal: 4, seconds: 2 }))).toEqual({
      reason: 'docker ordinals',
      count: 1,
      owner: { kind: 'this record' },
    });
  });

  test('are not missing where one stream of a container overtook the other', () => {
    expect(
      lostAt([
        { ordinal: 1, seconds: 0 },
        { ordinal: 3, seconds: 0 },
        { ordinal: 4, seconds: 0 },
        { ordinal: 2, seconds: 0.2 },
        { ordinal: 5, seconds: 2 },
      ]),
    ).toEqual([0, 0, 0, 0, 0]);
  });

  test('begin anew with each run of a container, and the last run is settled', () => {
    expect(
      lostAt([
        { ordinal: 5, seconds: 0 },
        { ordinal: 8, seconds: 0 },
        { ordinal: 1, seconds: 0.1, epoch: 'f' },
        { ordinal: 2, seconds: 2, epoch: 'f' },
      ]),
    ).toEqual([0, 0, 2, 0]);
  });

  test('are counted for each container by itself', () => {
    expect(
      lostAt([
        { ordinal: 5, seconds: 0 },
        { ordinal: 900, seconds: 0, container: 'd' },
        { ordinal: 6, seconds: 2 },
        { ordinal: 901, seconds: 2, container: 'd' },
      ]),
    ).toEqual([0, 0, 0, 0]);
  });

  test.each([
    ['a process that pretends to be dockerd', { _COMM: 'evil', _SYSTEMD_UNIT: 'evil.service', _UID: '1000' }],
    ['an ordinal that is no number', { CONTAINER_LOG_ORDINAL: '1e9' }],
    ['an ordinal beyond all lines', { CONTAINER_LOG_ORDINAL: '9'.repeat(30) }],
  ])('are not counted by %s', (_, fields) => {
    expect(
      lostAt([
        { ordinal: 1, seconds: 0 },
        { ordinal: 900, seconds: 0, fields },
        { ordinal: 2, seconds: 2 },
        { ordinal: 3, seconds: 4 },
      ]),
    ).toEqual([0, 0, 0, 0]);
  });

  test('of the container met first are forgotten beyond 4096 containers', () => {
    const others = Array.from({ length: 4096 }, (_, index) => ({
      ordinal: 1,
      seconds: 0,
      container: `other ${index}`,
    }));
    const lost = lostAt([
      { ordinal: 1, seconds: 0 },
      ...others,
      { ordinal: 9, seconds: 1 },
      { ordinal: 10, seconds: 3 },
    ]);
    expect(lost.slice(-2)).toEqual([0, 0]);
  });
});
