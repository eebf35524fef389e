import { Claim } from '../../src/delivery/claim.ts';
import type { LaneBatch } from '../../src/delivery/lane-batch.ts';
import { EventDelivery, type LaneEntry } from '../../src/delivery/lane-entry.ts';
import { RecordSet } from '../../src/delivery/record-set.ts';
import { ShardProgress } from '../../src/delivery/shard-progress.ts';
import { uncounted } from '../../src/sdk/lane-account.ts';
import type { BatchLimits } from '../../src/sdk/batch.ts';
import { eventOf } from './events.ts';

export const roomyLimits: BatchLimits = {
  maxBytes: 1_000_000,
  maxEvents: 1000,
  maxEventBytes: 100_000,
  overheadPerEvent: 0,
  overheadPerBatch: 0,
};

const nowhere = new ShardProgress({ resume: { kind: 'beginning' }, settled: new RecordSet() }, uncounted);

/** An entry of a whole event with one record; its ordinal is `sequence`. */
export const entryOf = (sequence: number, text = `line ${sequence}`, timeMs = sequence): LaneEntry => {
  const event = eventOf({ message: text }, sequence);
  const settler = { kind: 'main', take: () => undefined, settle: () => undefined } as const;
  const delivery = EventDelivery.of(event, new Claim(nowhere, '', sequence), settler);
  delivery.encoded(text);
  delivery.stamp(timeMs, false);
  return Object.assign(delivery, { key: 'billing' });
};

export const batchOf = (count: number, key = 'key'): LaneBatch => {
  const entries = Array.from({ length: count }, (_, sequence) => entryOf(sequence));
  return { key, entries, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0), attempts: 0 };
};
