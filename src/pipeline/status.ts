import { z } from 'zod';
import { dropReasons, lossReasons } from '../event/drop-reason.ts';
import { replayProgressSchema } from './replay/replay-report.ts';

const count = z.number().int().nonnegative();
/** Milliseconds since the epoch. */
const time = z.number();
const seconds = z.number().nonnegative();
const bytes = z.number().nonnegative();

/** Whether gaps in a source are found, and how often its numbers ran backwards. */
export const gapDetectionSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('on'), rewound: z.object({ count, lastUs: z.number() }).readonly().optional() }),
  z.object({ state: z.literal('off'), reason: z.string() }),
]);

/** The equation of the ledger, in records; see {@link Balance} of the ledger. */
export const balanceSchema = z
  .object({
    read: count,
    delivered: count,
    uncertain: count,
    dropped: z.partialRecord(z.enum(dropReasons), count).readonly(),
    droppedTotal: count,
    pending: count,
    lost: z.partialRecord(z.enum(lossReasons), count).readonly(),
  })
  .readonly();

const conditionSchema = z.object({ state: z.enum(['ok', 'retrying', 'denied']), reason: z.string() }).readonly();

/** A batch key that is set aside: the service refuses it alone, or it floods its lane. */
const parkedSchema = z.object({ key: z.string(), reason: z.string(), sinceMs: time, lines: count }).readonly();

/** Events that the service refused for good, on disk. */
const deadLettersSchema = z
  .object({
    letters: count,
    bytes,
    maxBytes: bytes,
    /** Since the agent began: those that made room for newer ones, and those that could not be written. */
    expired: count,
    missed: count,
    /** Why the last ones could not be written; undefined when they could. */
    problem: z.string().optional(),
  })
  .readonly();

/** A status is for people: a thousand keys are a number to them. */
export const maxShownParked = 20;

/** What the source holds as a queue. */
const queueSchema = z
  .object({
    /** How long it holds a line at present rates; `unlimited` where no line is removed at these. */
    capacitySeconds: z.union([seconds, z.literal('unlimited')]).optional(),
    usedBytes: bytes,
    /** Undefined where it has no limit, or that is not known. */
    maxBytes: bytes.optional(),
    /** False where a reboot empties it. */
    persistent: z.boolean(),
  })
  .readonly();

const destinationSchema = z
  .object({
    name: z.string(),
    type: z.string(),
    condition: conditionSchema,
    /** When the condition began, to the second. */
    conditionSinceMs: time.optional(),
    balance: balanceSchema,
    /** read - delivered - uncertain - dropped - pending: 0 unless we have a bug. */
    unexplained: z.number(),
    /** Events sent more than once, in this process. */
    resent: count,
    /** Our own notices that the service took, in this process: lines that no source holds. */
    originated: count,
    billedBytes: bytes,
    /** How far behind the newest record; undefined when the source can't tell. */
    lagLines: count.optional(),
    lagSeconds: seconds,
    /** Why its checkpoint could not be saved last time; undefined when it could. */
    checkpointProblem: z.string().optional(),
    /** Lines that the service took, over about the last minute. */
    linesPerSecond: z.number().nonnegative().optional(),
    /** Requests since the agent began, and those of them that have to be repeated. */
    requests: count.optional(),
    retries: count.optional(),
    /** What the service said last. */
    lastAnswer: z.object({ atMs: time, text: z.string() }).readonly().optional(),
    /** How long nothing has been settled although lines wait; 0 when none wait. */
    stalledSeconds: seconds.optional(),
    /** Those that wait longest, no more than {@link maxShownParked}, and how many there are. */
    parked: z.array(parkedSchema).readonly(),
    parkedKeys: count,
    /** Lines of them all that wait. */
    parkedLines: count,
    deadLetters: deadLettersSchema.optional(),
    /** When the source received the oldest line that waits, parked keys included; undefined when none does. */
    waitsSinceMs: time.optional(),
    /** Lines that were received longer ago are dropped on purpose; undefined: none are. */
    maxBacklogSeconds: seconds.optional(),
    /**
     * Until lines are lost to it, if it takes none from now on: the nearer of the source's limits and, where it drops what
     * lies outside, the service's window.
     */
    secondsUntilLoss: z.union([seconds, z.literal('never')]).optional(),
  })
  .readonly();

/**
 * What reading does. `reading`: it advances; `idle`: all there is has been read; `paused`: memory is full of what no
 * destination takes, on purpose; `standing still`: the source has grown and nothing comes; `failed`: it ended for good.
 */
const readerSchema = z
  .object({
    state: z.enum(['reading', 'idle', 'paused', 'standing still', 'failed']),
    /** When it was last seen to advance, pause, or have read all. */
    soundAtMs: time,
  })
  .readonly();

export const agentStatusSchema = z
  .object({
    source: z
      .object({
        name: z.string(),
        description: z.string(),
        warnings: z.array(z.string()).readonly(),
        /** Parts of it that rights hide; absent where all is seen. */
        hidden: z.object({ readable: count, total: count }).readonly().optional(),
        gapDetection: gapDetectionSchema,
        /** Why it could not be looked at last time; what is said of it is older then. */
        checkProblem: z.string().optional(),
        /** How it is read, where there are several ways. */
        reader: z.object({ name: z.string(), mismatches: count }).readonly().optional(),
      })
      .readonly(),
    startedMs: time.optional(),
    /** Records and bytes handed over by the source in this process, over all feeds. */
    recordsRead: count,
    bytesRead: bytes,
    feeds: count,
    reader: readerSchema.optional(),
    /** Memory of the feeds, windows and open lines, in bytes, as estimated. */
    windowBytes: bytes,
    /** All that is held of events, and what it may take. */
    memory: z.object({ usedBytes: bytes, budgetBytes: bytes }).readonly().optional(),
    queue: queueSchema.optional(),
    /** Why reading ended for good; undefined while it goes on. */
    sourceProblem: z.string().optional(),
    /** What goes where, and so what goes nowhere, in one line. */
    routing: z.string().optional(),
    destinations: z.array(destinationSchema).readonly(),
    /** Those that can't ship until the configuration is mended. */
    denied: z.array(z.object({ name: z.string(), reason: z.string() }).readonly()).readonly(),
    /** Replays that run: none of their figures is one of a destination's. */
    replays: z.array(replayProgressSchema).readonly(),
  })
  .readonly();

/** One destination as of now. A figure that is undefined is not known, or not yet. */
export type DestinationStatus = z.output<typeof destinationSchema>;

/** The source as a queue. */
export type QueueStatus = z.output<typeof queueSchema>;

/** What reading does at present. */
export type ReaderStatus = z.output<typeof readerSchema>;

/** The agent as of now: what status, health and metrics show. Times are in milliseconds since the epoch. */
export type AgentStatus = z.output<typeof agentStatusSchema>;
