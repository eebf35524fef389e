import { z } from 'zod';
import type { LogEvent } from '../../event/event.ts';

/** The `sample` of a rule: which part of the events is kept. */
export const sampleSchema = z
  .number()
  .min(0)
  .max(1)
  .describe('the part that is kept, 0 to 1; chosen by event id, so that every reading chooses alike');

/** FNV-1a with the finalizer of MurmurHash3, which spreads ids that differ in their last characters only. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

const hashRange = 2 ** 32;

/** Tells whether an event is dropped because its id is not among the sampled: what a lower rate keeps, a higher does. */
export const createSampleTest = (rate: number): ((event: LogEvent) => boolean) => {
  const limit = rate * hashRange;
  return (event) => hashOf(event.position.id()) >= limit;
};
