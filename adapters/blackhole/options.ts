import { z } from 'zod';
import { duration } from '#sdk';

export const blackholeOptions = z.strictObject({
  delay: duration().prefault('0ms').describe('how long each batch takes, as a slow service would'),
});

export type BlackholeOptions = z.output<typeof blackholeOptions>;
