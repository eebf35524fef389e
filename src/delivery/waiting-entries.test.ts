import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { eventOf } from '../../test/support/events.ts';
import type { EventRecall } from '../event/event.ts';
import { uncounted } from '../sdk/lane-account.ts';
import { Claim } from './claim.ts';
import { createBatchTexts, EventDelivery, type LaneEntry, PartEntry, type Settler } from './lane-entry.ts';
import { RecordSet } from './record-set.ts';
import { ShardProgress } from './shard-progress.ts';
import { WaitingEntries } from './waiting-entries.ts';

const settlerOf = (kind: Settler['kind']): Settler => ({ kind, take: () => undefined, settle: () => undefined });
const settlers = { main: settlerOf('main'), parked: settlerOf('parked'), resent: settlerOf('resent') };

const trackOf = (): ShardProgress =>
  new ShardProgress({ resume: { kind: 'beginning' }, settled: new RecordSet() }, uncounted);
const tracks = [trackOf(), trackOf()] as const;

const recallOf = (service: string): EventRecall => ({
  service,
  remake: (raw, position) => eventOf({ service, raw, message: raw, position }),
});
const recalls = [recallOf('shop'), recallOf('audit')] as const;

interface Line {
  readonly raw: string;
  readonly sent: string | undefined;
  readonly timeMs: number;
  readonly isRestamped: boolean;
  readonly track: 0 | 1;
  readonly recall: 0 | 1 | undefined;
  readonly settler: keyof typeof settlers;
  readonly others: readonly number[];
  readonly isPart: boolean;
}

const anyText = fc.string({ unit: 'binary', maxLength: 300 });
const anyLine: fc.Arbitrary<Line> = fc.record({
  raw: anyText.map((text) => text.toWellFormed()),
  sent: fc.option(
    anyText.map((text) => text.toWellFormed()),
    { nil: undefined },
  ),
  timeMs: fc.double({ min: 0, max: 2e12, noNaN: true }),
  isRestamped: fc.boolean(),
  track: fc.constantFrom(0, 1),
  recall: fc.constantFrom(0, 1, undefined),
  settler: fc.constantFrom('main', 'parked', 'resent'),
  others: fc.constantFrom([], [], [7, 8]),
  isPart: fc.constantFrom(false, false, true),
});

const entryOf = (line: Line, ordinal: number): LaneEntry => {
  const recall = line.recall === undefined ? undefined : recalls[line.recall];
  const event = eventOf({ raw: line.raw, message: line.raw, service: recall?.service ?? 'other', recall }, ordinal);
  const claim = new Claim(tracks[line.track], '', ordinal, line.others);
  const delivery = EventDelivery.of(event, claim, settlers[line.settler]);
  delivery.key = 'key';
  delivery.stamp(line.timeMs, line.isRestamped);
  const entry = line.isPart ? new PartEntry(event, delivery) : delivery;
  entry.encoded(line.sent ?? line.raw);
  return entry;
};

/** All that a lane asks an entry for. */
const saidBy = ({ text, bytes, timeMs, isRestamped, service, position, delivery }: LaneEntry) => ({
  text,
  bytes,
  timeMs,
  isRestamped,
  service,
  id: position.id(),
  raw: delivery.event.raw,
  key: delivery.key,
  settler: delivery.settler,
  track: delivery.claim.progress,
  ordinal: delivery.claim.first,
  records: delivery.claim.records,
});

test('entries come back as they were added, whether they were kept as rows or not', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 60 }), fc.boolean(), (lines, keepsEvents) => {
      const waiting = new WaitingEntries('key', keepsEvents);
      const entries = lines.map(entryOf);
      const said = entries.map(saidBy);
      for (const entry of entries) waiting.add(entry);
      expect(waiting.length).toBe(lines.length);
      const taken = waiting.take();
      expect(taken.map(saidBy)).toEqual(said);
      const elsewhere = createBatchTexts(keepsEvents);
      for (const entry of taken) entry.moveTo(elsewhere);
      expect(taken.map(saidBy)).toEqual(said);
      for (const entry of taken) entry.release();
    }),
  );
});

test('an event that can be made anew of its line is not kept meanwhile', () => {
  const waiting = new WaitingEntries('key', false);
  const entry = entryOf(
    {
      raw: 'line',
      sent: 'sent',
      timeMs: 0,
      isRestamped: false,
      track: 0,
      recall: 0,
      settler: 'main',
      others: [],
      isPart: false,
    },
    1,
  );
  const { event } = entry.delivery;
  waiting.add(entry);
  expect(waiting.take()[0]?.delivery.event).not.toBe(event);
});
