import { z } from 'zod';

export const consoleOptions = z.strictObject({
  format: z
    .enum(['auto', 'pretty', 'json'])
    .default('auto')
    .describe(
      'pretty for people, json for machines (one event a line, as `encoding` has it); auto: pretty on a terminal',
    ),
  color: z
    .enum(['auto', 'always', 'never'])
    .default('auto')
    .describe('auto: on a terminal, unless NO_COLOR is set or TERM is dumb'),
});

export type ConsoleOptions = z.output<typeof consoleOptions>;
