import { idleShare } from '../delivery/outbox.ts';

// The one budget for events in memory, in bytes, and who may hold which part of it. The parts add up to the whole.

/** Readers at once: the live one, and two for lanes that are behind. */
export const liveFeeds = 3;
/** Readers of a replay at once: one for all, one for a batch key that is set aside. */
export const replayFeeds = 2;

/** All feeds together: their windows, and the lines that are open in them. */
const feedsShare = 7 / 16;
/** All lanes together. */
const lanesShare = 6 / 16;
/** The replay, so that it takes nothing from live traffic. */
const replayShare = 2 / 16;
/** Dead letters of all destinations that wait for the disk. */
const lettersShare = 1 / 16;

/**
 * Of a feed's part, what lines that are open may hold; the rest is for lines that end. At the default budget that are the
 * lines of 64 KiB that 200 containers write at once.
 */
const openLinesShare = 3 / 4;
/** Of a replay's part, what its lane holds; the rest is its feeds'. */
const replayLaneShare = 1 / 4;

/** What each live feed may hold: its window, and the lines that are open. */
export const feedBytes = (memoryBytes: number): number => (memoryBytes * feedsShare) / liveFeeds;

/** What each of the lanes of `destinations` may hold. */
export const laneBytes = (memoryBytes: number, destinations: number): number =>
  (memoryBytes * lanesShare) / Math.max(1, destinations);

/** What the dead letters of all destinations may hold that wait for the disk. */
export const letterBytes = (memoryBytes: number): number => memoryBytes * lettersShare;

/** What a replay may hold. */
export const replayBytes = (memoryBytes: number): number => memoryBytes * replayShare;

/** What the lane of a replay may hold. */
export const replayLaneBytes = (memoryBytes: number): number => replayBytes(memoryBytes) * replayLaneShare;

/** What each feed of a replay may hold. */
export const replayFeedBytes = (memoryBytes: number): number =>
  (replayBytes(memoryBytes) * (1 - replayLaneShare)) / replayFeeds;

/** What the lines that are open in a feed may hold of the feed's part. */
export const openLineBytes = (ofFeed: number): number => ofFeed * openLinesShare;

/** What an event of a line holds besides the line: its fields, and objects. */
const besideLineBytes = 16 * 1024;
/** A line, and what was parsed of it. */
const copiesInFeed = 2;
/** These, and the line encoded. */
const copiesInLane = 3;

/**
 * The least budget, in bytes, that holds whatever comes: in each feed there is room for a line of `maxMessageBytes` that ends
 * beside all that may be open, and in each lane for one beside what refused keys may hold. A line that is more in memory than
 * so many copies (one of little else than JSON's braces, or with characters beyond Latin-1) may exceed it by the difference.
 */
export const leastMemory = (maxMessageBytes: number, destinations: number): number => {
  const lineBytes = maxMessageBytes + besideLineBytes;
  const beside = feedBytes(1) - openLineBytes(feedBytes(1));
  const inLane = laneBytes(1, destinations) * (1 - idleShare);
  return Math.ceil(Math.max((copiesInFeed * lineBytes) / beside, (copiesInLane * lineBytes) / inLane));
};
