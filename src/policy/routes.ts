import { z } from 'zod';
import { destinationNames, indexesOf } from './destination-names.ts';
import { compileMatch, matchSchema } from './match/match.ts';
import { label } from './label.ts';
import type { CreateStep } from './step.ts';

/** Where the events that match go. */
export const routeSchema = z
  .strictObject({
    name: label(),
    match: matchSchema.optional(),
    to: destinationNames.optional().describe('the destinations that matching events go to'),
    stop: z.boolean().default(false).describe('matching events look at no further route'),
    drop: z
      .boolean()
      .default(false)
      .describe('as `stop`, for a route without `to`; what earlier routes gave is not taken back'),
  })
  .refine(({ to, drop }) => drop === (to === undefined), {
    error: 'a route has either `to`, a list of destinations, or `drop: true`',
  })
  .describe('an event goes to the destinations of every route that matches; without routes, to all');

export type Route = z.output<typeof routeSchema>;

/** The step that routes ask for; none where there are no routes, as everything goes everywhere. */
export const compileRoutes = (routes: readonly Route[], destinations: readonly string[]): readonly CreateStep[] => {
  if (routes.length === 0) return [];
  const compiled = routes.map((route, position) => ({
    position,
    matches: compileMatch(route.match ?? {}),
    indexes: indexesOf(route.to ?? [], destinations),
    isLast: route.stop || route.drop,
  }));
  return [
    (onDecision) => {
      const routed = new Uint8Array(destinations.length);
      return (event, reasons) => {
        routed.fill(0);
        for (const { matches, position, indexes, isLast } of compiled) {
          if (!matches(event)) continue;
          for (const index of indexes) routed[index] = 1;
          onDecision?.('routes', position);
          if (isLast) break;
        }
        for (let index = 0; index < routed.length; index += 1) {
          if (routed[index] === 0) reasons[index] ??= 'not routed';
        }
      };
    },
  ];
};
