import { expect, test } from '@jest/globals';
import {
  feedBytes,
  laneBytes,
  leastMemory,
  letterBytes,
  liveFeeds,
  openLineBytes,
  replayBytes,
  replayFeedBytes,
  replayFeeds,
  replayLaneBytes,
} from './memory-shares.ts';

const mebibyte = 1024 * 1024;

test.each([1, 3, 10])('the shares of a budget add up to it, with %i destinations', (destinations) => {
  const live = liveFeeds * feedBytes(mebibyte) + destinations * laneBytes(mebibyte, destinations);
  expect(live + replayBytes(mebibyte) + letterBytes(mebibyte)).toBe(mebibyte);
  expect(replayFeeds * replayFeedBytes(mebibyte) + replayLaneBytes(mebibyte)).toBe(replayBytes(mebibyte));
});

test('the default budget is enough for lines of 1 MiB and ten destinations, and no budget for any', () => {
  expect(leastMemory(mebibyte, 10)).toBeLessThanOrEqual(128 * mebibyte);
  expect(leastMemory(mebibyte, 20)).toBeGreaterThan(128 * mebibyte);
  expect(leastMemory(16 * mebibyte, 1)).toBeGreaterThan(128 * mebibyte);
});

test('the least budget has room in a feed for a line that ends beside those that are open', () => {
  const ofFeed = feedBytes(leastMemory(mebibyte, 1));
  expect(ofFeed - openLineBytes(ofFeed)).toBeGreaterThanOrEqual(2 * mebibyte);
});
