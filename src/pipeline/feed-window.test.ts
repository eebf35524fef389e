import { describe, expect, test } from '@jest/globals';
import { encodable, eventOf, positionOf } from '../../test/support/events.ts';
import { keep } from '../event/verdict.ts';
import type { JoinedEvent, RecordItem } from '../sdk/feed.ts';
import { FeedWindow } from './feed-window.ts';

const eventOver = (pieces: readonly number[], bytes = 10): JoinedEvent => ({
  ...encodable(eventOf({ bytes }, pieces[0])),
  verdict: keep,
  pieces,
});

const pieceOf = (sequence: number, joined: readonly JoinedEvent[] = []): RecordItem => ({
  kind: 'record',
  shard: '',
  position: positionOf(sequence),
  sequence,
  service: 'billing',
  event: undefined,
  joined,
  bytes: 10,
});

describe('FeedWindow', () => {
  test('owes the event of a piece to those who stand before it, and to no others', () => {
    const window = new FeedWindow();
    window.push(pieceOf(0));
    window.push(pieceOf(1));
    expect(window.owes('', [0, 1], 2)).toBe(true);
    window.push(pieceOf(2, [eventOver([0, 1, 2])]));
    expect(window.owes('', [0, 1], 2)).toBe(true);
    expect(window.owes('', [0, 1], 3)).toBe(false);
  });

  test('owes nothing of a line in the middle of which it began', () => {
    const window = new FeedWindow();
    window.push(pieceOf(0));
    window.push(pieceOf(1, [eventOver([0, 1])]));
    expect(window.owes('', [-1, 0], 1)).toBe(false);
    expect(window.owes('', [0], 1)).toBe(true);
  });

  test('finds the record of a cursor, and formats no other', () => {
    const window = new FeedWindow();
    let formatted = 0;
    const push = (from: number, to: number): void => {
      for (let sequence = from; sequence < to; sequence += 1) {
        const cursor = (): string => {
          formatted += 1;
          return `c${sequence}`;
        };
        window.push({ ...pieceOf(sequence), position: positionOf(sequence, { cursor }) });
      }
    };
    push(0, 1000);
    for (let times = 0; times < 10; times += 1) {
      expect(window.find('', 'c1500', positionOf(1500).receivedUs)).toBeUndefined();
    }
    push(1000, 2000);
    expect(window.find('', 'c1500', positionOf(1500).receivedUs)).toBe(1500);
    expect(formatted).toBe(1);
  });

  test('looks once at each record for a cursor that does not tell its time', () => {
    const window = new FeedWindow();
    let formatted = 0;
    const cursor = (): string => {
      formatted += 1;
      return 'another';
    };
    for (let sequence = 0; sequence < 100; sequence += 1) {
      window.push({ ...pieceOf(sequence), position: positionOf(sequence, { cursor }) });
      expect(window.find('', 'c200', undefined)).toBeUndefined();
    }
    expect(formatted).toBe(100);
    window.push({ ...pieceOf(200), position: positionOf(200) });
    expect(window.find('', 'c200', undefined)).toBe(100);
    expect(window.find('', 'c200', undefined)).toBe(100);
  });

  test('knows which items have to go for the rest to fit, by their size and not by their number', () => {
    const window = new FeedWindow();
    for (let sequence = 0; sequence < 4; sequence += 1) window.push(pieceOf(sequence, [eventOver([sequence])]));
    const small = window.bytes;
    window.push(pieceOf(4, [eventOver([4], 100_000)]));
    for (let sequence = 5; sequence < 9; sequence += 1) window.push(pieceOf(sequence, [eventOver([sequence])]));
    expect(window.startWithin(window.bytes)).toBe(0);
    expect(window.startWithin(window.bytes - small)).toBe(4);
    expect(window.startWithin(small)).toBe(5);
    expect(window.startWithin(0)).toBe(9);
  });

  test('counts the bytes of a joined line where it is held: with its event', () => {
    const window = new FeedWindow();
    window.push(pieceOf(0));
    window.push(pieceOf(1));
    const before = window.bytes;
    window.push({ kind: 'joins', shard: '', joined: [eventOver([0, 1], 100_000)] });
    expect(window.bytes - before).toBeGreaterThanOrEqual(100_000);
  });
});
