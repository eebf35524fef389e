import { z } from 'zod';
import { compression, connectionOptions, secret, template } from '#sdk';
import { maxTags } from './limits.ts';

export const logglyOptions = z.strictObject({
  token: secret().describe('customer token (Source Setup > Customer Tokens), not an API token'),
  tags: z
    .array(template())
    .max(maxTags)
    .prefault(['{{service}}'])
    .describe('tags of each event; characters that no tag may have become "-"'),
  compression: compression().describe('of request bodies; that Loggly takes gzip is not documented'),
  ...connectionOptions,
  endpoint: connectionOptions.endpoint.unwrap().default('https://logs-01.loggly.com').describe('base URL'),
});

export type LogglyOptions = z.output<typeof logglyOptions>;
