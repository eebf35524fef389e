import { z } from 'zod';

/** The `to` of rules and routes. */
export const destinationNames = z.array(z.string().min(1)).min(1);

/** Where the named destinations stand among the configured ones; a disabled one stands nowhere. */
export const indexesOf = (names: readonly string[], destinations: readonly string[]): readonly number[] =>
  [...new Set(names)].map((name) => destinations.indexOf(name)).filter((index) => index !== -1);
