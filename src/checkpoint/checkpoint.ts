import { z } from 'zod';
import { lossReasons } from '../event/drop-reason.ts';
import { outcomes } from '../event/outcome.ts';
import { formatChecksummed, isWhole } from '../platform/checksummed-json.ts';
import { messageOf } from '../platform/error.ts';

/** The format that this version writes. Each later one keeps a reader for the one before. */
export const checkpointFormat = 1;

const count = z.number().int().nonnegative();

/** Where reading goes on; a lane that has settled nothing yet keeps the point that it was to begin at. */
const startPointSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('after'), cursor: z.string().min(1) }),
  z.strictObject({ kind: z.literal('beginning') }),
  z.strictObject({ kind: z.literal('since'), timeUs: count }),
]);

const shardSchema = z.strictObject({
  resume: startPointSchema,
  /** The records beyond `resume` that are settled already, by time and hash (base64; see `RecordEncoder`). */
  settled: z.base64(),
});

const countsSchema = z.strictObject({
  service: z.string(),
  read: count,
  settled: z.partialRecord(z.enum(outcomes), count),
  /** What those records told to be missing. */
  lost: z.partialRecord(z.enum(lossReasons), count),
  /** Drops and losses that were announced in the service's own stream; the difference is announced next. */
  announced: z.partialRecord(z.enum([...outcomes, ...lossReasons]), count),
});

/** What an operator gave up: lines received up to then, of one service or (absent) of all. */
const skipSchema = z.strictObject({
  untilUs: count,
  service: z.string().optional(),
  reason: z.enum(['skipped by operator', 'disabled by operator']),
});

/** A batch key set aside with cursors of its own: the service refuses it alone, or it floods its lane. */
const parkedSchema = z.strictObject({
  key: z.string(),
  reason: z.string(),
  sinceMs: count,
  /** Records read and not settled: part of `read` in `services`. */
  outstanding: z.array(z.strictObject({ service: z.string(), records: count })),
  /** By shard: records that were in the lane's hands, and from where they can be read again. */
  unsettled: z.record(z.string(), z.strictObject({ resume: startPointSchema, records: z.base64() })),
  /** By shard: from where the key's other lines are read. Absent when the lane itself has them all. */
  following: z.record(z.string(), shardSchema).optional(),
  /** When the source received what `following` begins with, at the latest. */
  followingUs: count,
  /** Hashes of the events that are left to be read, combined (see `ParkedKey`). */
  digest: z.number().int(),
});

const checkpointSchema = z.strictObject({
  destination: z.string(),
  /** Source, then shard, to the point below which all is settled or parked. */
  cursors: z.record(z.string(), z.record(z.string(), shardSchema)),
  /** What batch keys were made of: the templates in the destination's options. Other keys may be parked under others. */
  keyedBy: z.string(),
  parked: z.array(parkedSchema).max(1000),
  /** Until the lane has passed them. */
  skips: z.array(skipSchema).max(100),
  /** Counters for exactly the records that are settled or parked. */
  services: z.array(countsSchema),
});

const fileSchema = z.object({ format: z.number().int().positive() });
const fileSchemaV1 = z.strictObject({ format: z.literal(1), checksum: z.string(), checkpoint: checkpointSchema });

/** A lane's saved state: the cursors below which all is settled, and the counters for exactly those records. */
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** Why a checkpoint can't be used. `newer`: by a later sluice, so it must not be overwritten; `damaged`: by nobody. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
  readonly kind: 'newer' | 'damaged';

  constructor(kind: 'newer' | 'damaged', message: string) {
    super(message);
    this.kind = kind;
  }
}

const bodyName = 'checkpoint';

/** One line of JSON; the checksum is over the `checkpoint` member's text as written here. */
export const formatCheckpoint = (checkpoint: Checkpoint): string =>
  formatChecksummed(checkpointFormat, bodyName, checkpoint);

/**
 * Reads what {@link formatCheckpoint} wrote.
 *
 * @throws {CheckpointError} when it is of a newer format, or not whole.
 */
export const parseCheckpoint = (text: string): Checkpoint => {
  const file = parseJson(text);
  const { success, data } = fileSchema.safeParse(file);
  if (!success) throw new CheckpointError('damaged', 'it is not a checkpoint');
  if (data.format > checkpointFormat) {
    throw new CheckpointError('newer', `it has format ${data.format}; this version reads up to ${checkpointFormat}`);
  }
  const parsed = fileSchemaV1.safeParse(file);
  if (!parsed.success) throw new CheckpointError('damaged', z.prettifyError(parsed.error).replaceAll('\n', ' '));
  if (!isWhole(text, bodyName, parsed.data.checksum)) {
    throw new CheckpointError('damaged', 'its checksum does not match its content');
  }
  return parsed.data.checkpoint;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CheckpointError('damaged', `it is not JSON (${messageOf(error)})`);
  }
};
