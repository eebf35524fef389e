import { setTimeout as sleep } from 'node:timers/promises';
import { secondsUntil, TestBed } from '../independence/bed.ts';
import { SinkProcess } from '../independence/sink-process.ts';
import { quietStreams } from '../independence/stream.ts';
import type { AgentProcess } from './agent-process.ts';
import { exactCpuSecondsOf, residentMibOf } from './process-tree.ts';
import type { Reader } from './readers.ts';

/** What the agent takes while it follows a journal that grows, and one that doesn't. */
export interface LiveFigures {
  readonly stage: string;
  readonly reader: Reader;
  /** What came of the lines that were meant to be written: as many as the writer and journald are able to. */
  readonly linesPerSecond: number;
  /** Share of one core, of the agent and its children; journald's own is not in it. */
  readonly cpuPercent: number;
  readonly journalctlCpuPercent: number;
  /** From journald's receipt of a line to the sink's, the wait for a full batch included. */
  readonly p50Ms: number;
  readonly p99Ms: number;
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

const services = 20;
/** Code gets compiled in it, and batches find their pace. */
const warmUpSeconds = 5;
/** The last batch waits for 5 s to be filled; then there is nothing left to do. */
const settleSeconds = 8;
const atMostSeconds = 60;

const percentOfCore = async (agent: AgentProcess, seconds: number) => {
  const before = exactCpuSecondsOf(agent.pid);
  const startedMs = performance.now();
  await sleep(seconds * 1000);
  const after = exactCpuSecondsOf(agent.pid);
  if (agent.hasExited) throw new Error(`the agent ended. Its log:\n${agent.log}`);
  const share = 100_000 / (performance.now() - startedMs);
  return { own: (after.own - before.own) * share, children: (after.children - before.children) * share };
};

const measureBusy = async (agent: AgentProcess, sink: SinkProcess, seconds: number) => {
  await sleep(warmUpSeconds * 1000);
  const fromMs = Date.now();
  const { own, children } = await percentOfCore(agent, seconds);
  const toMs = Date.now();
  const hasSpan = async (): Promise<boolean> => Date.now() - (await sink.behindMs()) > toMs;
  await secondsUntil('the sink has the span', atMostSeconds, hasSpan);
  const { events, p50Ms, p99Ms } = await sink.delays({ fromMs, toMs });
  const linesPerSecond = (1000 * events) / (toMs - fromMs);
  return { linesPerSecond, cpuPercent: own + children, journalctlCpuPercent: children, p50Ms, p99Ms };
};

const measureIdle = async (agent: AgentProcess, seconds: number) => {
  await sleep(settleSeconds * 1000);
  const { own, children } = await percentOfCore(agent, seconds);
  const resident = residentMibOf(agent.pid);
  return { idleCpuPercent: own + children, idleMib: resident.own, journalctlIdleMib: resident.children };
};

/**
 * Follows a private journald into which containers log at a steady rate, and then no more; needs root. Ships to an HTTP
 * service that notes when lines come.
 *
 * @param maxAge `batch.max_age`; undefined: the adapter's default.
 */
export const runLive = async (reader: Reader, maxAge: string | undefined, pace: Pace): Promise<LiveFigures> => {
  const { linesPerSecond, seconds } = pace;
  const bed = await TestBed.start(quietStreams(services, linesPerSecond / services));
  const sink = await SinkProcess.start('http');
  const options = { token: 'not-a-secret', endpoint: sink.address };
  const batch = maxAge === undefined ? {} : { batch: { max_age: maxAge } };
  try {
    const agent = await bed.startAgent({ loggly: { ...options, ...batch } }, reader);
    try {
      const busy = await measureBusy(agent, sink, seconds);
      bed.endLogging();
      const idle = await measureIdle(agent, seconds);
      return { stage: maxAge === undefined ? 'live' : `live, max_age ${maxAge}`, reader, ...busy, ...idle };
    } finally {
      await agent.stop();
    }
  } finally {
    sink.close();
    await bed.stop();
  }
};
