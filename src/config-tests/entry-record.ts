import type { LogRecord } from '../event/record.ts';
import { parseCursor } from '../sources/journald/cursor.ts';
import { JournalFields } from './json-fields.ts';
import { JournalPosition } from '../sources/journald/position.ts';
import type { JournalEntry } from './journal-entry.ts';

/** When the journal took an entry in that does not say: 2026-01-01T00:00:00Z. */
const defaultReceivedUs = Date.UTC(2026, 0, 1) * 1000;

const containerId = '0123456789abcdef'.repeat(4);

/** What dockerd's journald driver writes, without `tag` and `labels` among its options. */
const containerFields = (name: string): Readonly<Record<string, string>> => ({
  _TRANSPORT: 'journal',
  _COMM: 'dockerd',
  _SYSTEMD_UNIT: 'docker.service',
  _UID: '0',
  SYSLOG_IDENTIFIER: containerId.slice(0, 12),
  CONTAINER_NAME: name,
  CONTAINER_ID: containerId.slice(0, 12),
  CONTAINER_ID_FULL: containerId,
  CONTAINER_TAG: containerId.slice(0, 12),
});

/** `nginx` is `nginx.service`, as for `journalctl -u`. */
const fullUnitName = (unit: string): string => (unit.includes('.') ? unit : `${unit}.service`);

/** The short forms spelled out; a field that is there in full wins. */
const fieldsOf = (entry: JournalEntry): Readonly<Record<string, unknown>> => {
  const { message, priority, unit, container, time: _time, ...fields } = entry;
  return {
    ...(container !== undefined && containerFields(container)),
    ...(unit !== undefined && { _SYSTEMD_UNIT: fullUnitName(unit) }),
    ...(message !== undefined && { MESSAGE: message }),
    ...(priority !== undefined && { PRIORITY: priority }),
    ...fields,
  };
};

const receivedUsOf = ({ time, __REALTIME_TIMESTAMP: written }: JournalEntry): number | undefined =>
  time ?? (written === undefined ? undefined : Number(written));

const positionOf = (entry: JournalEntry, sequence: number): JournalPosition => {
  const zeros = '0'.repeat(32);
  const { __CURSOR: written } = entry;
  const own = written === undefined ? undefined : parseCursor(written);
  const realtimeUs = receivedUsOf(entry)?.toString(16) ?? own?.realtimeUs ?? defaultReceivedUs.toString(16);
  return JournalPosition.of({
    ...(own ?? { sequenceId: zeros, sequence: sequence + 1, bootId: zeros, monotonicUs: '0', xorHash: '0' }),
    realtimeUs,
  });
};

/**
 * The record that the journal's reader would make of an entry.
 *
 * @param sequence of one that has no cursor.
 */
export const recordOf = (entry: JournalEntry, sequence: number): LogRecord => {
  const fields = fieldsOf(entry);
  return {
    position: positionOf(entry, sequence),
    fields: new JournalFields(fields),
    bytes: Buffer.byteLength(JSON.stringify(fields)),
    truncatedBytes: 0,
  };
};
