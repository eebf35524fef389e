import { z } from 'zod';
import { dropReasons, lossReasons } from '../event/drop-reason.ts';

const count = z.number().int().nonnegative();
/** Milliseconds since the epoch. */
const time = z.number();
const seconds = z.number().nonnegative();
const bytes = z.number().nonnegative();

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
    resent: count,
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
    deadLetters: deadLettersSchema.optional(),
    /** Until lines are lost to it: the nearer of the journal's vacuum and the service's window. */
    secondsUntilLoss: seconds.optional(),
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
        /** Whether gaps in it are found, and how often its numbers ran backwards. */
        gapDetection: z.discriminatedUnion('state', [
          z.object({ state: z.literal('on'), rewound: z.object({ count, lastUs: z.number() }).readonly().optional() }),
          z.object({ state: z.literal('off'), reason: z.string() }),
        ]),
        /** How it is read, where there are several ways. */
        reader: z.object({ name: z.string(), mismatches: count }).readonly().optional(),
      })
      .readonly(),
    startedMs: time.optional(),
    /** Records and bytes handed over by the source in this process, over all feeds. */
    recordsRead: count,
    bytesRead: bytes,
    /** Lines that others lost before us, by reason. */
    lost: z.record(z.string(), count).readonly(),
    feeds: count,
    reader: readerSchema.optional(),
    /** Memory of the feeds' windows, in bytes, as estimated. */
    windowBytes: bytes,
    /** Events in memory, windows and lanes, and what they may take. */
    memory: z.object({ usedBytes: bytes, budgetBytes: bytes }).readonly().optional(),
    /** How much the journal holds as a queue, at present rates. */
    queue: z.object({ capacitySeconds: seconds, bytes, persistent: z.boolean() }).readonly().optional(),
    /** Why reading ended for good; undefined while it goes on. */
    sourceProblem: z.string().optional(),
    /** What goes where, and so what goes nowhere, in one line. */
    routing: z.string().optional(),
    destinations: z.array(destinationSchema).readonly(),
    /** Those that can't ship until the configuration is mended. */
    denied: z.array(z.object({ name: z.string(), reason: z.string() }).readonly()).readonly(),
  })
  .readonly();

/** One destination as of now. A figure that is undefined is not known, or not yet. */
export type DestinationStatus = z.output<typeof destinationSchema>;

/** What reading does at present. */
export type ReaderStatus = z.output<typeof readerSchema>;

/** The agent as of now: what status, health and metrics show. Times are in milliseconds since the epoch. */
export type AgentStatus = z.output<typeof agentStatusSchema>;
