import { z } from 'zod';
import { defineAdapter, duration, secret, size, start, template, type AdapterManifest } from '#sdk';

const notLoaded = (): never => {
  throw new Error('tests of the configuration load no adapter');
};

const common = { apiVersion: 1, acknowledges: 'durable', defaultMaxAgeMs: 1000, load: notLoaded } as const;

/** An adapter with an option of every kind. */
const parcel: AdapterManifest = defineAdapter({
  ...common,
  name: 'parcel',
  summary: 'parcels, for tests',
  options: z.strictObject({
    token: secret().describe('who sends'),
    label: template().prefault('{{service}}').describe('what is on the parcel'),
    retention: duration().optional().describe('how long it is kept'),
    largest: size().prefault('1MiB').describe('the largest parcel'),
    fragile: z.boolean().default(false).describe('carry with care'),
    copies: z.int().min(1).max(9).default(1).describe('how many are sent'),
    weight: z.number().min(0).optional().describe('in kilograms'),
    speed: z.enum(['slow', 'fast']).default('slow').describe('how fast it travels'),
    depot: z.url().optional().describe('where it is sorted'),
    tags: z.array(z.string()).default([]).describe('words on it'),
    address: z
      .strictObject({
        street: z.string().describe('and number'),
        town: z.string().optional().describe('of the street'),
      })
      .optional()
      .describe('where it goes'),
  }),
  limits: ({ largest }) => ({
    maxBytes: largest,
    maxEvents: 500,
    maxEventBytes: 1000,
    overheadPerEvent: 0,
    overheadPerBatch: 0,
  }),
  window: () => undefined,
});

/** An adapter without options. */
const shredder: AdapterManifest = defineAdapter({
  ...common,
  name: 'shredder',
  summary: 'nothing is left, for tests',
  options: z.strictObject({}),
  limits: () => ({ maxBytes: 4096, maxEvents: 10, maxEventBytes: 4096, overheadPerEvent: 0, overheadPerBatch: 0 }),
  window: () => undefined,
});

/** What a configuration may name in tests. */
export const testVocabulary = {
  adapters: [parcel, shredder],
  sources: {
    journald: z.strictObject({
      start: start().prefault('now').describe('where to begin'),
      match: z.array(z.string()).default([]).describe('of which entries'),
    }),
  },
};
