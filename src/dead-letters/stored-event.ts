import { z } from 'zod';
import { encodeEvent, type EncodableEvent } from '../event/encode.ts';
import type { EventInfo, LogEvent } from '../event/event.ts';
import { isJsonObject, type JsonObject } from '../event/json.ts';
import { levels } from '../event/level.ts';
import type { RecordFields } from '../event/record.ts';

const text = z.string().exactOptional();
const number = z.number().exactOptional();

/** Not `z.record`, which would lose a key named `__proto__`. What `JSON.parse` gave is JSON. */
const labels = z.custom<Readonly<Record<string, string>>>(
  (value) => isJsonObject(value) && Object.values(value).every((label) => typeof label === 'string'),
);
const jsonObject = z.custom<JsonObject>((value) => isJsonObject(value));

const infoShape = {
  host: text,
  instance: text,
  region: text,
  account: text,
  cluster: text,
  task: text,
  unit: text,
  identifier: text,
  container: text,
  image: text,
  machine: text,
  pid: number,
  uid: number,
  gid: number,
  source: text,
  errors: z
    .array(z.strictObject({ type: text, error: text, stack: z.array(z.string()).exactOptional() }))
    .exactOptional(),
  labels: labels.exactOptional(),
  claimed_time: text,
  raw: text,
  truncated_bytes: number,
  part: z.strictObject({ index: z.number(), count: z.number() }).exactOptional(),
  incomplete: z.literal(true).exactOptional(),
} satisfies Readonly<Record<keyof EventInfo, z.ZodType>>;

/** An event as JSON: all that it takes to make it again. */
export const storedEventSchema = z.strictObject({
  position: z.strictObject({
    source: z.string(),
    shard: z.string(),
    receivedUs: z.number(),
    cursor: z.string(),
    id: z.string().regex(/^[ !#-[\]-~]*$/),
  }),
  timeUs: z.number(),
  level: z.enum(levels),
  /** Absent where it is the line as written. */
  message: text,
  service: z.string(),
  stream: z.string(),
  info: z.strictObject(infoShape),
  data: jsonObject.exactOptional(),
  raw: z.string(),
  structured: z.boolean(),
  /** Of the source's own fields, those that the destination's templates read. */
  fields: z.record(z.string(), z.array(z.string())),
  bytes: z.number(),
  parsedBytes: number,
});

export type StoredEvent = z.infer<typeof storedEventSchema>;

const storeFields = (fields: RecordFields, names: readonly string[]): StoredEvent['fields'] =>
  Object.fromEntries(names.map((name) => [name, [...fields.all(name)]]));

const storeInfo = ({ errors, ...info }: EventInfo): StoredEvent['info'] => ({
  ...info,
  ...(errors !== undefined && {
    errors: errors.map(({ stack, ...error }) => ({ ...error, ...(stack !== undefined && { stack: [...stack] }) })),
  }),
});

/** @param fieldNames the source's own fields to keep. */
export const storeEvent = (event: LogEvent, fieldNames: readonly string[]): StoredEvent => {
  const { position, timeUs, level, message, service, stream, info, data, raw, structured, fields, bytes, parsedBytes } =
    event;
  const { source, shard, receivedUs } = position;
  return {
    position: { source, shard, receivedUs, cursor: position.cursor(), id: position.id() },
    timeUs,
    level,
    ...(message !== raw && { message }),
    service,
    stream,
    info: storeInfo(info),
    ...(data !== undefined && { data }),
    raw,
    structured,
    fields: storeFields(fields, fieldNames),
    bytes,
    ...(parsedBytes !== undefined && { parsedBytes }),
  };
};

const reviveFields = (stored: StoredEvent['fields']): RecordFields => {
  const all = (name: string): readonly string[] => (Object.hasOwn(stored, name) ? (stored[name] ?? []) : []);
  return { all, repeats: (name) => all(name).length > 1, get: (name) => all(name)[0], invalidBytes: () => undefined };
};

/** The event that {@link storeEvent} stored, but for the fields that it was not to keep. */
export const reviveEvent = (stored: StoredEvent): LogEvent => {
  const { source, shard, receivedUs, cursor, id } = stored.position;
  return {
    ...stored,
    position: { source, shard, receivedUs, cursor: () => cursor, id: () => id },
    message: stored.message ?? stored.raw,
    data: stored.data,
    fields: reviveFields(stored.fields),
  };
};

/** The event as a lane takes it. */
export const encodable = (event: LogEvent): EncodableEvent => ({
  event,
  text: (encoding, front) => encodeEvent(event, encoding, front),
});
