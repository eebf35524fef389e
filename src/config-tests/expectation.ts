import { z } from 'zod';
import type { DropReason } from '../event/drop-reason.ts';
import type { EventInfo } from '../event/event.ts';
import { formatTimeUs } from '../event/time.ts';
import { levelName } from '../policy/level-name.ts';
import { moment } from './journal-entry.ts';

/** The reasons that policy gives; all others are a matter of the destination and the hour. */
const policyReasons = [
  'filtered by rule',
  'not routed',
  'sampled',
  'rate-limited',
] as const satisfies readonly DropReason[];

/** Null: the event has no such member. */
const text = z.string().nullish();
const whole = z.int().nullish();

/** As a destination gets it, so that what was shipped can be pasted. */
const infoShape = {
  id: text,
  service: text,
  stream: text,
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
  pid: whole,
  uid: whole,
  gid: whole,
  source: text,
  errors: z.array(z.record(z.string(), z.unknown())).nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
  claimed_time: text,
  raw: text,
  truncated_bytes: whole,
  incomplete: z.boolean().nullish(),
} satisfies Record<Exclude<keyof EventInfo, 'part'> | 'id' | 'service' | 'stream', z.ZodType>;

const eventSchema = z.strictObject({
  level: levelName().optional(),
  time: moment().transform(formatTimeUs).optional(),
  service: z.string().optional(),
  stream: z.string().optional(),
  message: z.string().optional(),
  info: z.strictObject(infoShape).optional(),
  data: z.record(z.string(), z.unknown()).nullish(),
});

const deciders = z.array(z.union([z.int().min(0), z.string()], { error: 'expected an index from 0, or a name' }));

/** What a case expects; what is not mentioned may be as it likes. */
export const expectationShape = {
  event: eventSchema.optional(),
  rules: deciders.optional(),
  routes: deciders.optional(),
  destinations: z.array(z.string()).optional(),
  dropped: z.record(z.string(), z.enum(policyReasons)).optional(),
};

/** A rule or route: its index, or its name. */
export type Decider = z.output<typeof deciders>[number];

export type Expectation = z.output<z.ZodObject<typeof expectationShape>>;
