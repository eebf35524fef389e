import type { Clock, LogRecord, RecordFields, RecordPosition, Source, SourceMessage, StartPoint } from '#sdk';
import { sampleLines, type SampleLine } from './sample-lines.ts';

/** The whole sample is shown within this; afterwards it is repeated slowly, so that something happens. */
const firstRoundMs = 200;
const laterRoundsMs = 2000;

const cursorPattern = /^sample:(\d{1,15})$/;

class SamplePosition implements RecordPosition {
  readonly source = 'sample';
  readonly shard = '';
  readonly receivedUs: number;
  readonly #number: number;

  constructor(number: number, receivedUs: number) {
    this.#number = number;
    this.receivedUs = receivedUs;
  }

  cursor(): string {
    return `sample:${this.#number}`;
  }

  id(): string {
    return `sample-${String(this.#number).padStart(12, '0')}`;
  }
}

const fieldsOf = (line: SampleLine): RecordFields => ({
  get: (name) => line[name],
  repeats: () => false,
  all: (name) => (line[name] === undefined ? [] : [line[name]]),
  invalidBytes: () => undefined,
});

const numberAfter = (start: StartPoint): number =>
  start.kind === 'after' ? Number(cursorPattern.exec(start.cursor)?.[1] ?? -1) + 1 : 0;

/** Lines of a host that does not exist, for who has no journal to read and wants to see the product work. */
export const createSampleSource = (clock: Clock): Source => {
  const recordOf = (number: number): LogRecord => {
    const line = sampleLines[number % sampleLines.length] ?? {};
    return {
      position: new SamplePosition(number, clock.now() * 1000),
      fields: fieldsOf(line),
      bytes: Buffer.byteLength(JSON.stringify(line)),
      truncatedBytes: 0,
    };
  };
  async function* read(start: StartPoint, signal: AbortSignal): AsyncGenerator<SourceMessage> {
    const first = numberAfter(start);
    for (let number = first; !signal.aborted; number += 1) {
      yield { kind: 'records', records: [recordOf(number)] };
      const waitMs = number - first < sampleLines.length ? firstRoundMs : laterRoundsMs;
      await clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }
  return {
    name: 'sample',
    replay: 'any',
    overflow: 'wait',
    shards: [''],
    check: () =>
      Promise.resolve({
        description: 'a sample of log lines that ships with sluice',
        warnings: [],
        hidden: undefined,
        gapDetection: { state: 'on', rewound: undefined },
      }),
    resolveStart: () => Promise.resolve({ kind: 'beginning' }),
    read: (start, signal) => read(start.get('') ?? { kind: 'beginning' }, signal),
    head: () => Promise.resolve(undefined),
    recordsBetween: () => undefined,
    capacity: () => Promise.resolve(undefined),
  };
};
