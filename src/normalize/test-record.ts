import type { LogRecord, RecordFields } from '../event/record.ts';

/** A field as a test states it: text, bytes, or several values. */
export type TestValue = string | Uint8Array | readonly string[];

const textsOf = (value: TestValue | undefined): readonly string[] => {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  return value instanceof Uint8Array ? [Buffer.from(value).toString('utf8')] : value;
};

const testFields = (values: Readonly<Record<string, TestValue>>, common: object | undefined): RecordFields => ({
  common,
  get: (name) => textsOf(values[name])[0],
  repeats: (name) => textsOf(values[name]).length > 1,
  all: (name) => textsOf(values[name]),
  invalidBytes: (name) => {
    const value = values[name];
    return value instanceof Uint8Array ? value : undefined;
  },
});

/** 2026-11-22T05:40:00Z */
export const receivedUs = Date.UTC(2026, 10, 22, 5, 40) * 1000;

/** A record as a reader would hand it over. */
export const testRecord = (
  values: Readonly<Record<string, TestValue>>,
  more: {
    readonly receivedUs?: number;
    readonly id?: string;
    readonly truncatedBytes?: number;
    readonly common?: object;
  } = {},
): LogRecord => ({
  position: {
    source: 'journald',
    shard: '',
    receivedUs: more.receivedUs ?? receivedUs,
    cursor: () => `cursor ${more.id ?? 'id'}`,
    id: () => more.id ?? 'id',
  },
  fields: testFields(values, more.common),
  bytes: 100,
  truncatedBytes: more.truncatedBytes ?? 0,
});

/** What dockerd's entries have in common, as its journald driver writes them under systemd. */
export const dockerFields = {
  _TRANSPORT: 'journal',
  _COMM: 'dockerd',
  _SYSTEMD_UNIT: 'docker.service',
  _PID: '702',
  _UID: '0',
  _GID: '0',
  _HOSTNAME: 'ip-10-0-0-1',
  SYSLOG_IDENTIFIER: '0123456789ab',
  CONTAINER_ID: '0123456789ab',
  CONTAINER_ID_FULL: '0123456789abcdef'.repeat(4),
  CONTAINER_NAME: 'shop-web-1',
  CONTAINER_TAG: '0123456789ab',
  PRIORITY: '6',
} as const;
