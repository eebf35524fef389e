/** The part of the memory budget that replays hold, all of them together, so that they take nothing from live traffic. */
const replayShare = 1 / 8;

/** What live feeds and lanes share, half and half, of a budget in bytes. */
export const liveBytes = (memoryBytes: number): number => memoryBytes * (1 - replayShare);

/** What each of `count` replays may hold. */
export const replayBytes = (memoryBytes: number, count: number): number => (memoryBytes * replayShare) / count;
