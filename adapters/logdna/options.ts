import { z } from 'zod';
import { compression, connectionOptions, secret, size, template } from '#sdk';
import { defaultMaxLine, largestLineBytes, maxNameLength, smallestLineBytes } from './limits.ts';

const tag = z
  .string()
  .max(maxNameLength)
  .regex(/^[^,\s]+$/, 'a tag has no commas and no spaces');

const maxLine = size().refine((bytes) => bytes >= smallestLineBytes && bytes <= largestLineBytes, {
  error: `must lie between ${smallestLineBytes}B and ${largestLineBytes}B`,
});

export const logdnaOptions = z.strictObject({
  key: secret().describe('ingestion key (Settings > Organization > API Keys), not a service key'),
  hostname: template().prefault('{{host}}').describe('host that lines are filed under'),
  app: template().prefault('{{service}}').describe('application that lines are filed under'),
  env: template().prefault('{{labels.env}}').describe('environment that lines are filed under; not sent when empty'),
  tags: z.array(tag).max(20).default([]).describe('tags of the host'),
  max_line: maxLine
    .prefault(defaultMaxLine)
    .describe('most bytes of a line with its metadata, 2kB to 32kB; longer ones are sent in parts'),
  compression: compression(),
  ...connectionOptions,
  endpoint: connectionOptions.endpoint.unwrap().default('https://logs.mezmo.com').describe('base URL'),
});

export type LogdnaOptions = z.output<typeof logdnaOptions>;
