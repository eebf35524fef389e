import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventOf } from '../../test/support/events.ts';
import { memoryAgent } from '../../test/support/memory-agent.ts';
import { MemoryDestination } from '../../test/support/memory-destination.ts';
import { NumberedSource } from '../../test/support/numbered-source.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { LogEvent } from '../event/event.ts';
import { keep, type Verdict } from '../event/verdict.ts';
import { EventTap, type MissedEvents, type TapFilter, type TappedEvent } from './event-tap.ts';

const everything: TapFilter = { matches: () => true };
const notLoggly: Verdict = [{ reason: 'not routed', destinations: new Set(['loggly']) }];
const nobody: Verdict = [{ reason: 'own log', destinations: undefined }];

/** What a listener gets, as `message -> destinations`, in order. */
class Shown {
  readonly lines: string[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(tap: EventTap, filter: TapFilter) {
    this.#running = this.#run(tap.listen(filter, this.#stop.signal));
  }

  async end(): Promise<readonly string[]> {
    this.#stop.abort();
    await this.#running;
    return this.lines;
  }

  async #run(tapped: AsyncIterable<TappedEvent | MissedEvents>): Promise<void> {
    for await (const each of tapped) this.lines.push(each.kind === 'missed' ? `missed ${each.count}` : shownAs(each));
  }
}

const shownAs = ({ event, destinations }: TappedEvent): string => `${event.message} -> ${destinations.join(' ')}`;

let sequence = 0;
const offer = (tap: EventTap, verdict: Verdict = keep, event: Partial<LogEvent> = {}): void => {
  sequence += 1;
  tap.offer({ event: eventOf(event, sequence), verdict });
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('EventTap', () => {
  let tap: EventTap;
  beforeEach(() => {
    tap = new EventTap(['cloudwatch', 'loggly']);
    sequence = 0;
  });

  test('shows each event with who gets it', async () => {
    const shown = new Shown(tap, everything);
    offer(tap);
    offer(tap, notLoggly);
    offer(tap, nobody);
    await turn();
    expect(await shown.end()).toEqual(['line 1 -> cloudwatch loggly', 'line 2 -> cloudwatch', 'line 3 -> ']);
  });

  test('shows only what a destination gets, and what matches', async () => {
    const ofLoggly = new Shown(tap, { ...everything, destination: 'loggly' });
    const errors = new Shown(tap, { matches: ({ level }) => level === 'ERROR' });
    offer(tap, notLoggly, { level: 'ERROR' });
    offer(tap);
    await turn();
    expect(await ofLoggly.end()).toEqual(['line 2 -> cloudwatch loggly']);
    expect(await errors.end()).toEqual(['line 1 -> cloudwatch']);
  });

  test('is open only while somebody listens', async () => {
    expect(tap.isOpen).toBe(false);
    const shown = [new Shown(tap, everything), new Shown(tap, everything)];
    expect(tap.isOpen).toBe(true);
    await shown[0]?.end();
    expect(tap.isOpen).toBe(true);
    await shown[1]?.end();
    expect(tap.isOpen).toBe(false);
  });

  test('drops what a slow listener does not take, and says how many', async () => {
    const shown = new Shown(tap, everything);
    for (let count = 0; count < 1500; count += 1) offer(tap);
    await turn();
    offer(tap);
    await turn();
    const lines = await shown.end();
    expect(lines).toHaveLength(1002);
    expect(lines.slice(-2)).toEqual(['missed 500', 'line 1501 -> cloudwatch loggly']);
  });

  test('holds no more bytes than a few for a slow listener, whatever the size of lines', async () => {
    const shown = new Shown(tap, everything);
    for (let count = 0; count < 10; count += 1) offer(tap, keep, { bytes: 1024 * 1024 });
    await turn();
    expect((await shown.end()).at(-1)).toBe('missed 6');
  });

  test('shows an event once that passes again as a lane catches up', async () => {
    const shown = new Shown(tap, everything);
    const event = eventOf();
    tap.offer({ event, verdict: keep });
    tap.offer({ event, verdict: keep });
    await turn();
    expect(await shown.end()).toHaveLength(1);
  });

  test('takes a bounded number of listeners', async () => {
    const shown = Array.from({ length: 16 }, () => new Shown(tap, everything));
    expect(tap.isFull).toBe(true);
    await Promise.all(shown.map((each) => each.end()));
    expect(tap.isFull).toBe(false);
  });
});

describe('a tapped agent', () => {
  let state: string;
  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'sluice-tap-'));
  });
  afterEach(() => rm(state, { recursive: true }));

  test('delivers as if nobody listened, joined lines too', async () => {
    const clock = new VirtualClock();
    const source = new NumberedSource();
    const destination = new MemoryDestination('one');
    const tap = new EventTap(['one']);
    const shown = new Shown(tap, everything);
    const container = { CONTAINER_NAME: 'web', CONTAINER_ID_FULL: 'w'.padEnd(64, '0'), _COMM: 'dockerd' };
    const piece = { ...container, CONTAINER_PARTIAL_ID: 'A', CONTAINER_PARTIAL_MESSAGE: 'true' };
    source.append(
      { ...container, MESSAGE: 'whole' },
      { ...piece, MESSAGE: 'first ', CONTAINER_PARTIAL_ORDINAL: '1', CONTAINER_PARTIAL_LAST: 'false' },
      {
        ...container,
        MESSAGE: 'last',
        CONTAINER_PARTIAL_ID: 'A',
        CONTAINER_PARTIAL_ORDINAL: '2',
        CONTAINER_PARTIAL_LAST: 'true',
      },
    );
    const agent = memoryAgent({ source, destinations: [destination], state, clock, tap });
    await agent.start();
    await clock.runUntil(() => destination.taken.length === 2);
    expect(destination.taken).toEqual(['whole', 'first last']);
    expect(await shown.end()).toEqual(['whole -> one', 'first last -> one']);
    await agent.stop();
  });
});
