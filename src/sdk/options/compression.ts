import { z } from 'zod';

/** Whether bodies are compressed, for an adapter whose service takes `Content-Encoding: gzip`. */
export const compression = () =>
  z
    .enum(['none', 'gzip'])
    .default('none')
    .describe('of request bodies; gzip costs processor time and saves most of the traffic');

export type Compression = z.output<ReturnType<typeof compression>>;
