import { z } from 'zod';
import { isJournalFieldName } from '../event/field-path.ts';
import { duration, encodings, size, start } from '#sdk';
import { listenAddress } from './listen-address.ts';

/** Everything but sources, destinations, rules and routes. */
export const generalSchema = z.strictObject({
  labels: z.record(z.string().min(1), z.string()).prefault({}).describe('sent with every event under `info.labels`'),
  state: z.string().min(1).prefault('/var/lib/sluice').describe('directory of checkpoints and dead letters'),
  memory: size()
    .prefault('128MiB')
    .describe(
      'one budget for all events in memory, whatever the destinations do; at least 55 times `max_message`, and 11 times for each destination',
    ),
  naming: z
    .strictObject({
      preset: z
        .enum(['sluice', 'ecs-logs'])
        .prefault('sluice')
        .describe(
          '`ecs-logs`: service and stream are the tag and the name of a container as they are, as ecs-logs had them',
        ),
      stream_field: z
        .string()
        .refine((name) => isJournalFieldName(name), 'expected a journal field in upper case, as CONTAINER_ID')
        .optional()
        .describe('a journal field that names the stream of the lines that have it'),
    })
    .prefault({})
    .describe('how services and streams are named'),
  cloud_identity: z
    .enum(['auto', 'off'])
    .prefault('auto')
    .describe('whether to ask the cloud (IMDS, ECS agent) which instance, cluster and tasks these are'),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error']).prefault('info').describe('from which level up to write it'),
    })
    .prefault({})
    .describe("the agent's own log, on standard error"),
  admin: z
    .strictObject({
      listen: z
        .union([listenAddress(), z.literal(false)])
        .prefault('127.0.0.1:9797')
        .describe('where `/healthz`, `/readyz` and `/metrics` are served; `false`: nowhere; port 0: any free one'),
      socket: z
        .string()
        .min(1)
        .optional()
        .describe(
          'the socket that `status`, `top`, `tap` and `ledger` ask; default: `admin.sock` in the runtime directory that systemd gives (`/run/sluice`), else in `state`',
        ),
    })
    .prefault({})
    .describe('health, metrics and commands'),
});

/** One entry per known source; each value is that source's own schema. */
export const sourcesSchema = <Sources extends z.ZodRawShape>(sources: Sources) => z.strictObject(sources).partial();

export type SourcesSchema<Sources extends z.ZodRawShape> = ReturnType<typeof sourcesSchema<Sources>>;

/** A lane buffers what waits for its batch, so that waiting must end. */
const longestMaxAgeMs = 3_600_000;
const smallestBatchBytes = 1024;

const batchSchema = z.strictObject({
  max_age: duration()
    .refine((ms) => ms <= longestMaxAgeMs, 'expected at most 1h')
    .optional()
    .describe('how long a batch may wait to be filled; default: as the adapter says'),
  max_bytes: size()
    .refine((bytes) => bytes >= smallestBatchBytes, 'expected at least 1KiB')
    .optional()
    .describe("send at this size; default and most: the service's own limit"),
  max_events: z
    .int()
    .min(1)
    .optional()
    .describe("send at this number of events; default and most: the service's own limit"),
});

/** A batch that waits to be filled and one retry are no backlog. */
const shortestBacklogMs = 60_000;
/** A quarter of it is the room of the largest letter. */
const smallestLettersBytes = 65_536;

const deadLettersSchema = z.strictObject({
  max_size: z
    .union([
      size().refine((bytes) => bytes >= smallestLettersBytes, 'expected at least 64KiB, or 0 to keep none'),
      z.literal(0),
    ])
    .prefault('16MiB')
    .describe('most bytes of them on disk; the oldest go when there is no more room; `0`: none are kept'),
});

/** What every destination takes besides its adapter's own options. */
export const laneSchema = z.strictObject({
  enabled: z.boolean().prefault(true).describe('whether anything is sent'),
  type: z.string().optional().describe("the adapter; default: the destination's name"),
  encoding: z
    .enum(encodings)
    .prefault('structured')
    .describe(
      "`structured`: the ecs-logs schema; `merged`: the application's own JSON with ours under `_sluice`; `message`: the line as written",
    ),
  batch: batchSchema.prefault({}).describe('when to send'),
  outside_window: z
    .enum(['restamp', 'drop'])
    .prefault('restamp')
    .describe('events too old or too new for the service: send them under a time it takes, or drop them'),
  concurrency: z.int().min(1).max(64).prefault(8).describe('requests on their way at once'),
  drain: duration().optional().describe('how long it may take to send what waits when the agent stops'),
  max_backlog: duration()
    .refine((ms) => ms >= shortestBacklogMs, 'expected at least 1m')
    .optional()
    .describe('drop, and count, lines that were received longer ago; default: all that the journal holds are sent'),
  notices: z
    .boolean()
    .prefault(true)
    .describe('tell a service in a stream of its own what of its lines was dropped or lost'),
  dead_letters: deadLettersSchema
    .prefault({})
    .describe('events that the service refused for good, kept under `state` to be looked at and sent again'),
  resume: z
    .boolean()
    .prefault(false)
    .describe('after it was off for a while: send what came meanwhile too, instead of beginning at `start`'),
  renamed_from: z.string().optional().describe('the name that it had before: it goes on where that one was'),
  start: start().optional().describe("where it begins without a checkpoint; default: the source's `start`"),
});

/** Destination names become file names under `state`. */
export const destinationNamePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;
