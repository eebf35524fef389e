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

  test('counts the bytes of a joined line where it is held: with its event', () => {
    const window = new FeedWindow();
    window.push(pieceOf(0));
    window.push(pieceOf(1));
    const before = window.bytes;
    window.push({ kind: 'joins', shard: '', joined: [eventOver([0, 1], 100_000)] });
    expect(window.bytes - before).toBeGreaterThanOrEqual(100_000);
  });
});
