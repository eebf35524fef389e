import { z } from 'zod';
import { retryResults } from '../dead-letters/retry.ts';
import { ledgerReportSchema } from '../pipeline/ledger-report.ts';
import { ledgerRequestSchema } from '../pipeline/ledger-request.ts';
import { replayMessageSchema, replayPlanSchema } from '../pipeline/replay/replay-report.ts';
import { replayRequestSchema } from '../pipeline/replay/replay-request.ts';
import { agentStatusSchema } from '../pipeline/status.ts';
import { tapMessageSchema, tapRequestSchema } from '../pipeline/tap-message.ts';

/** Rises when an older client could misunderstand an answer or cause what it did not mean. */
export const controlProtocol = 1;

/** What is asked with: the query of a GET, the JSON body of a POST. */
type InputSchema = z.ZodObject;

/** Something that can be asked of a running agent. */
export interface OnceRoute<Input extends InputSchema, Output extends z.ZodType> {
  readonly kind: 'once';
  /** GET changes nothing. */
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly input: Input;
  readonly output: Output;
}

/** Something that a running agent tells for as long as one listens: a value a line. */
export interface StreamRoute<Input extends InputSchema, Output extends z.ZodType> {
  readonly kind: 'stream';
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly input: Input;
  readonly output: Output;
}

const nothing = z.object({});

/** Which agent answers. */
export const agentIdentitySchema = z.object({
  protocol: z.number(),
  version: z.string(),
  pid: z.number(),
  /** Its state directory, as an absolute path. */
  state: z.string(),
});

export type AgentIdentity = z.output<typeof agentIdentitySchema>;

const once = <Input extends InputSchema, Output extends z.ZodType>(
  method: 'GET' | 'POST',
  path: string,
  input: Input,
  output: Output,
): OnceRoute<Input, Output> => ({ kind: 'once', method, path, input, output });

const stream = <Input extends InputSchema, Output extends z.ZodType>(
  method: 'GET' | 'POST',
  path: string,
  input: Input,
  output: Output,
): StreamRoute<Input, Output> => ({ kind: 'stream', method, path, input, output });

/** Which dead letters of a destination are meant: those that meet all that is given. */
const lettersSchema = z.object({
  destination: z.string(),
  ids: z.array(z.string()).max(5000).optional(),
  service: z.string().optional(),
  reason: z.string().optional(),
});

export type LetterChoice = z.output<typeof lettersSchema>;

const retriedSchema = z.object({ id: z.string(), result: z.enum(retryResults), answer: z.string() });

const skipSchema = z.object({
  destination: z.string(),
  /** A glob: services whose lines are given up. Default: all. */
  service: z.string().optional(),
  /** Lines that the source received until then, in milliseconds since the epoch. */
  untilMs: z.number(),
  /** Only says what waits. */
  dryRun: z.boolean().optional(),
});

export type SkipRequest = z.output<typeof skipSchema>;

const skipAnswerSchema = z.object({
  /** Lines in the agent's hands that were meant. */
  held: z.number(),
  /** Lines of all services that the destination has yet to read; undefined when the source can't tell. */
  unread: z.number().optional(),
  /** When the source received the oldest line that waited, whatever its service; undefined when that is not known. */
  waitsSinceMs: z.number().optional(),
  /** Lines dropped at once; the others are as they are read. */
  dropped: z.number(),
});

export type SkipAnswer = z.output<typeof skipAnswerSchema>;

/** All that the control socket answers; server and client share it. */
export const controlRoutes = {
  agent: once('GET', '/agent', nothing, agentIdentitySchema),
  status: once('GET', '/status', nothing, agentStatusSchema),
  ledger: once('GET', '/ledger', ledgerRequestSchema, ledgerReportSchema),
  tap: stream('GET', '/tap', tapRequestSchema, tapMessageSchema),
  skip: once('POST', '/skip', skipSchema, skipAnswerSchema),
  dropLetters: once('POST', '/dead-letters/drop', lettersSchema, z.object({ dropped: z.number() })),
  planReplay: once('POST', '/replay/plan', replayRequestSchema, replayPlanSchema),
  replay: stream('POST', '/replay', replayRequestSchema, replayMessageSchema),
  cancelReplay: once(
    'POST',
    '/replay/cancel',
    z.object({ destination: z.string() }),
    z.object({ canceled: z.boolean() }),
  ),
  retryLetters: stream('POST', '/dead-letters/retry', lettersSchema, retriedSchema),
} as const;
