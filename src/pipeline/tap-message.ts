import { z } from 'zod';
import { encodeEvent } from '../event/encode.ts';
import { levels } from '../event/level.ts';
import type { MissedEvents, TappedEvent } from './event-tap.ts';

/** What to see of what passes. */
export const tapRequestSchema = z.object({
  /** Only what this destination gets. */
  destination: z.string().optional(),
  /** A glob, as in a match. */
  service: z.string().optional(),
  /** A level, or `>=warn`. */
  level: z.string().optional(),
});

export type TapRequest = z.output<typeof tapRequestSchema>;

/** An event as `structured` has it, or how many were missed. */
export const tapMessageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('event'),
    destinations: z.array(z.string()),
    event: z.looseObject({
      level: z.enum(levels),
      time: z.string(),
      info: z.looseObject({ service: z.string(), stream: z.string() }),
      data: z.record(z.string(), z.json()).optional(),
      message: z.string().optional(),
    }),
  }),
  z.object({ kind: z.literal('missed'), count: z.number() }),
]);

export type TapMessage = z.output<typeof tapMessageSchema>;

/** As it goes over the wire. Encoded anew, so that no lane holds a text that only a listener wanted. */
export const tapMessageOf = (tapped: TappedEvent | MissedEvents): TapMessage => {
  if (tapped.kind === 'missed') return tapped;
  const event: unknown = JSON.parse(encodeEvent(tapped.event, 'structured'));
  return tapMessageSchema.parse({ ...tapped, event });
};
