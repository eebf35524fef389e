import { encodable, eventOf, positionOf } from './events.ts';
import { LaneFeed } from './lane-feed.ts';
import { roomyLimits } from './lane-entries.ts';
import { silentLogger } from './silent-logger.ts';
import { VirtualClock } from './virtual-clock.ts';
import type { LogEvent } from '../../src/event/event.ts';
import { keep, type Verdict } from '../../src/event/verdict.ts';
import { Account } from '../../src/ledger/account.ts';
import type { Sender } from '../../src/sdk/adapter.ts';
import type { Batch, BatchEntry } from '../../src/sdk/batch.ts';
import type { RecordItem } from '../../src/sdk/feed.ts';
import type { SendResult } from '../../src/sdk/send-result.ts';
import { Lane } from '../../src/delivery/lane.ts';
import type { LaneSettings } from '../../src/delivery/lane-settings.ts';
import { RecordSet } from '../../src/delivery/record-set.ts';

/** Small limits, so that few lines fill a batch and not many a lane. */
export const settings: LaneSettings = {
  limits: { ...roomyLimits, maxEvents: 3 },
  window: undefined,
  outsideWindow: 'restamp',
  maxAgeMs: 1000,
  concurrency: 4,
  deadlineMs: 60_000,
  maxHeldBytes: 10_000,
  maxBacklogMs: undefined,
  announces: true,
  keepsEvents: false,
};

/** An entry's text is there only until it is settled. */
const asSent = ({ position, service, text, bytes, timeMs, isRestamped }: BatchEntry): BatchEntry => ({
  position,
  service,
  text,
  bytes,
  timeMs,
  isRestamped,
});

/** A sender that answers as it is told and remembers what it was sent. */
export const senderThat = (answer: (batch: Batch) => SendResult): Sender & { readonly sent: Batch[] } => {
  const sent: Batch[] = [];
  return {
    sent,
    batchKey: ({ event }) => event.stream,
    encode: ({ event }) => (event.raw === '' ? undefined : event.raw),
    send: (batch) => {
      sent.push({ ...batch, entries: batch.entries.map(asSent) });
      return Promise.resolve(answer(batch));
    },
    close: () => Promise.resolve(),
  };
};

/** A lane of its own account, clock and feed. */
export const laneOf = (sender: Sender, overrides: Partial<LaneSettings> = {}, random = () => 0.5) => {
  const clock = new VirtualClock();
  const account = new Account([]);
  const refused: string[] = [];
  const feed = new LaneFeed();
  const lane = new Lane({
    name: 'test',
    sender,
    settings: { ...settings, ...overrides },
    account,
    clock,
    random,
    logger: silentLogger,
    starts: new Map([['', { resume: { kind: 'beginning' }, settled: new RecordSet() }]]),
    parked: [],
    skips: [],
    host: 'host-1',
    onRoom: () => undefined,
    onTrackOpened: (track) => feed.open(track),
    onTrackClosed: (track) => feed.close(track),
    onRefused: (entries, outcome, answer, attempts) =>
      refused.push(
        ...entries.map(({ delivery }) => `${delivery.event.raw.slice(0, 9)}: ${outcome} (${answer}) after ${attempts}`),
      ),
  });
  return { lane, clock, account, refused, feed };
};

export const itemOf = (sequence: number, overrides: Partial<LogEvent> = {}, verdict: Verdict = keep): RecordItem => {
  const event = eventOf(overrides, sequence);
  return {
    kind: 'record',
    shard: '',
    position: positionOf(sequence),
    sequence,
    service: event.service,
    event: { ...encodable(event), verdict },
    joined: [],
    bytes: 10,
  };
};

export const textsOf = (batches: readonly Batch[]): readonly string[] =>
  batches.flatMap(({ entries }) => entries.map(({ text }) => text));

export const everyFifthDenied = (sequence: number): string => (sequence % 5 === 0 ? 'denied' : `free-${sequence % 5}`);
