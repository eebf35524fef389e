import { z } from 'zod';

/** The `name` of a rule or route. */
export const label = () =>
  z.string().min(1).optional().describe('what `sluice test` calls it; changes nothing of what it does');
