import { createHash } from 'node:crypto';
import { z } from 'zod';
import { outcomes } from '../event/outcome.ts';
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

/** More lines than are ever open at once: a file must not be refused that this version wrote. */
const maxStraddles = 100_000;

const shardSchema = z.strictObject({
  resume: startPointSchema,
  /** Joins that lie across the cursor: on resume, records of the stream up to the identity are skipped. */
  straddles: z.array(z.strictObject({ joinKey: z.string(), lastId: z.string() })).max(maxStraddles),
});

const countsSchema = z.strictObject({
  service: z.string(),
  read: count,
  settled: z.partialRecord(z.enum(outcomes), count),
  /** Drops that were already announced in the service's own stream; the difference to `settled` is announced next. */
  announced: z.partialRecord(z.enum(outcomes), count).optional(),
});

/** A batch key set aside with a cursor of its own, because the service refuses it alone. */
const parkedSchema = z.strictObject({
  key: z.string(),
  source: z.string(),
  shard: z.string(),
  cursor: z.string(),
  reason: z.string(),
});

const checkpointSchema = z.strictObject({
  destination: z.string(),
  /** Source, then shard, to the point below which all is settled. */
  cursors: z.record(z.string(), z.record(z.string(), shardSchema)),
  parked: z.array(parkedSchema).max(1000),
  /** Counters for exactly the records below the cursors. */
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

const checksumOf = (body: string): string => `sha256:${createHash('sha256').update(body).digest('hex')}`;

const bodyStart = '"checkpoint":';
const bodyOf = (text: string): string => text.slice(text.indexOf(bodyStart) + bodyStart.length, text.lastIndexOf('}'));

/** One line of JSON; the checksum is over the `checkpoint` member's text as written here. */
export const formatCheckpoint = (checkpoint: Checkpoint): string => {
  const body = JSON.stringify(checkpoint);
  return `{"format":${checkpointFormat},"checksum":"${checksumOf(body)}",${bodyStart}${body}}\n`;
};

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
  if (checksumOf(bodyOf(text)) !== parsed.data.checksum) {
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
