import type { LogRecord, Source, SourceCheck, SourceMessage, StartPoint } from '#sdk';
import { exportReader } from './export-entry.ts';
import { some } from './some.ts';

type Fields = Readonly<Record<string, string | Uint8Array>>;

/** Fields of the entry with a number, beyond those that dockerd gives each. */
export type MakeFields = (number: number) => Readonly<Record<string, string | Uint8Array>>;

const bootId = '3c7e6a4a3cbb4a1f8e46f3f0d1a7b6f5';
/** Newer than any virtual clock. */
const beginsUs = 1_800_000_000_000_000;

const hex = (value: number): string => value.toString(16);

const entryOf = (number: number, more: Fields): Fields => {
  const [realtimeUs, monotonicUs] = [beginsUs + number * 1000, 1_000_000_000 + number * 1000];
  return {
    __CURSOR: `s=0639ef11ef084d4ab1e9ad2c7bbd1b61;i=${hex(number + 1)};b=${bootId};m=${hex(monotonicUs)};t=${hex(realtimeUs)};x=${hex(number + 7)}`,
    __REALTIME_TIMESTAMP: String(realtimeUs),
    __MONOTONIC_TIMESTAMP: String(monotonicUs),
    _BOOT_ID: bootId,
    _MACHINE_ID: bootId,
    _HOSTNAME: 'host-1',
    _TRANSPORT: 'journal',
    _COMM: 'dockerd',
    _SYSTEMD_UNIT: 'docker.service',
    _PID: '812',
    PRIORITY: '6',
    SYSLOG_IDENTIFIER: '0123456789ab',
    CONTAINER_NAME: 'billing-web-1',
    CONTAINER_ID: '0123456789ab',
    CONTAINER_ID_FULL: '0123456789ab'.padEnd(64, '0'),
    CONTAINER_TAG: '0123456789ab',
    IMAGE_NAME: 'registry.example.com/billing:1.2',
    ...more,
  };
};

/** A journal as journalctl prints it, made while it is read: nothing of it is in memory before, or after. */
export class JournalLines implements Source {
  readonly name = 'made';
  readonly replay = 'any';
  readonly overflow = 'wait';
  readonly shards = [''];
  /** Entries that there are. */
  count = 0;
  readonly #make: MakeFields;
  readonly #maxMessageBytes: number;
  readonly #isOneWriter: boolean;
  #read: ReturnType<typeof exportReader>;

  /** @param isOneWriter false: what entries have in common is not known. */
  constructor(make: MakeFields, maxMessageBytes: number, isOneWriter = true) {
    this.#make = make;
    this.#maxMessageBytes = maxMessageBytes;
    this.#isOneWriter = isOneWriter;
    this.#read = exportReader(maxMessageBytes);
  }

  check(): Promise<SourceCheck> {
    const gapDetection = { state: 'on', rewound: undefined } as const;
    return Promise.resolve({ description: 'made lines', warnings: [], hidden: undefined, gapDetection });
  }

  capacity(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  resolveStart(): Promise<StartPoint> {
    return Promise.resolve({ kind: 'beginning' });
  }

  head(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  recordsBetween(): undefined {
    return undefined;
  }

  async *read(start: ReadonlyMap<string, StartPoint>, signal: AbortSignal): AsyncGenerator<SourceMessage> {
    const from = start.get('');
    let next = from?.kind === 'after' ? Number.parseInt(some(/;i=([0-9a-f]+);/.exec(from.cursor)?.[1]), 16) : 0;
    while (!signal.aborted) {
      if (next < this.count) yield { kind: 'records', records: [this.recordOf(next++)] };
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The record of an entry. */
  recordOf(number: number): LogRecord {
    if (!this.#isOneWriter) this.#read = exportReader(this.#maxMessageBytes);
    return this.#read(entryOf(number, this.#make(number)));
  }
}
