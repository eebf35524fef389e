import * as fc from 'fast-check';
import { routeSchema } from '../../src/policy/routes.ts';
import { ruleSchema } from '../../src/policy/rules/rule.ts';
import { eventOf } from './events.ts';

/** The destinations that {@link anyRule} and {@link anyRoute} name; `off` is none of them. */
export const policyDestinations = ['cloudwatch', 'loggly', 'audit'] as const;

const services = ['billing', 'web', 'audit'] as const;
const levelNames = ['debug', 'info', 'warn', 'err'] as const;

const destinationList = fc.uniqueArray(fc.constantFrom(...policyDestinations, 'off'), { minLength: 1 });
const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const matches = optional(
  fc.record(
    {
      service: fc.constantFrom(...services, '*', '!web'),
      level: fc.constantFrom(...levelNames.map((level) => `>=${level}`), 'info'),
    },
    { requiredKeys: [] },
  ),
);

/** A rule as a configuration may have it. */
export const anyRule = fc
  .record({
    match: matches,
    to: optional(destinationList),
    min_level: optional(fc.constantFrom(...levelNames)),
    sample: optional(fc.constantFrom(0, 0.3, 1)),
    rate_limit: optional(fc.record({ burst: fc.integer({ min: 1, max: 3 }), interval: fc.constantFrom('1ms', '1h') })),
  })
  .filter(({ min_level, sample, rate_limit }) => (min_level ?? sample ?? rate_limit) !== undefined)
  .map((rule) => ruleSchema.parse(rule));

/** A route as a configuration may have it. */
export const anyRoute = fc
  .record({ match: matches, to: optional(destinationList), stop: fc.boolean() })
  .map((route) => routeSchema.parse({ ...route, drop: route.to === undefined }));

/** An event that such rules and routes tell from others. */
export const anyRoutedEvent = fc
  .record({
    service: fc.constantFrom(...services),
    level: fc.constantFrom('DEBUG' as const, 'INFO' as const, 'WARN' as const, 'ERROR' as const),
    sequence: fc.nat(1000),
  })
  .map(({ sequence, ...event }) => eventOf(event, sequence));
