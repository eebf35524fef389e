import { setTimeout as sleep } from 'node:timers/promises';
import { exactCpuSecondsOf, residentMibOf } from './process-tree.ts';
import type { Reader } from './readers.ts';

/** What it takes to follow a journal that grows, and one that doesn't. */
export interface LiveFigures {
  readonly stage: string;
  /** The agent's; undefined for others. */
  readonly reader: Reader | undefined;
  /** What came of the lines that were meant to be written: as many as the writer and journald are able to. */
  readonly linesPerSecond: number;
  /** Share of one core, with all children; journald's own is not in it. */
  readonly cpuPercent: number;
  readonly journalctlCpuPercent: number;
  /** From journald's receipt of a line to the sink's, the wait for a full batch included; undefined where lines have no ids. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly idleCpuPercent: number;
  /** Resident after all that, when idle. */
  readonly idleMib: number;
  readonly journalctlIdleMib: number;
}

/** How long and how hard. */
export interface Pace {
  readonly linesPerSecond: number;
  /** Of each measured span. */
  readonly seconds: number;
}

/** What follows the journal. */
export interface Follower {
  readonly pid: number;
  readonly hasExited: boolean;
  readonly log: string;
}

/** Code gets compiled in it, and batches find their pace. */
export const warmUpSeconds = 5;
/** The last batch waits for 5 s to be filled; then there is nothing left to do. */
const settleSeconds = 8;

/**
 * Share of one core in a span that begins now.
 *
 * @throws when the follower ends.
 */
export const percentOfCore = async (follower: Follower, seconds: number) => {
  const before = exactCpuSecondsOf(follower.pid);
  const startedMs = performance.now();
  await sleep(seconds * 1000);
  const after = exactCpuSecondsOf(follower.pid);
  if (follower.hasExited) throw new Error(`what follows the journal has ended. Its log:\n${follower.log}`);
  const perSecond = 100_000 / (performance.now() - startedMs);
  return { own: (after.own - before.own) * perSecond, children: (after.children - before.children) * perSecond };
};

/** What is taken after the last line. */
export const measureIdle = async (follower: Follower, seconds: number) => {
  await sleep(settleSeconds * 1000);
  const { own, children } = await percentOfCore(follower, seconds);
  const resident = residentMibOf(follower.pid);
  return { idleCpuPercent: own + children, idleMib: resident.own, journalctlIdleMib: resident.children };
};
