import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { eventOf } from '../../test/support/events.ts';
import { anyRoute, anyRoutedEvent, anyRule, policyDestinations as destinations } from '../../test/support/policies.ts';
import type { LogEvent } from '../event/event.ts';
import { createExplainingJudge, type Explanation } from './explain.ts';
import { createPolicy, type PolicyOptions } from './policy.ts';
import { routeSchema } from './routes.ts';
import { ruleSchema } from './rules/rule.ts';

const policyOf = (options: Pick<PolicyOptions, 'rules' | 'routes'>) => createPolicy({ ...options, destinations });

const explain = (event: LogEvent, options: Partial<PolicyOptions>): Explanation =>
  createExplainingJudge(createPolicy({ rules: [], routes: [], destinations, ...options }))(event);

const anyPolicy = fc.record({ rules: fc.array(anyRule), routes: fc.array(anyRoute) });
const anyEvents = fc.array(anyRoutedEvent, { minLength: 1, maxLength: 20 });

/** Without any route everything goes everywhere. */
const nothingRouted = routeSchema.parse({ drop: true });

describe('an explanation', () => {
  test('has the verdicts that every other judge gives', () => {
    fc.assert(
      fc.property(anyPolicy, anyEvents, (options, events) => {
        const policy = policyOf(options);
        const [judge, explaining] = [policy.createJudge(), createExplainingJudge(policy)];
        for (const event of events) expect(explaining(event).verdict).toBe(judge(event));
      }),
      { numRuns: 500 },
    );
  });

  test('names all that made the verdict: without the other rules and routes it is the same', () => {
    fc.assert(
      fc.property(anyPolicy, anyRoutedEvent, (options, event) => {
        const { verdict, rules, routes } = explain(event, options);
        const named = {
          rules: options.rules.filter((_, index) => rules.includes(index)),
          routes: options.routes.filter((_, index) => routes.includes(index)),
        };
        if (options.routes.length > 0) named.routes.push(nothingRouted);
        expect(policyOf(named).createJudge()(event)).toEqual(verdict);
      }),
      { numRuns: 500 },
    );
  });

  test('names the routes up to the one that says stop', () => {
    const routes = [
      { to: ['loggly'] },
      { match: { service: 'web' }, to: ['audit'] },
      { drop: true },
      { to: ['audit'] },
    ];
    expect(explain(eventOf(), { routes: routes.map((route) => routeSchema.parse(route)) })).toMatchObject({
      routes: [0, 2],
      rules: [],
    });
  });

  test('names a rule that keeps, and none that is too late or speaks of destinations without a route', () => {
    const rules = [{ to: ['audit'], sample: 0 }, { min_level: 'debug' }, { min_level: 'emerg' }, { sample: 1 }];
    const options = {
      rules: rules.map((rule) => ruleSchema.parse(rule)),
      routes: [routeSchema.parse({ to: ['loggly'] })],
    };
    expect(explain(eventOf(), options).rules).toEqual([1, 3]);
  });

  test('of lines that are dropped before names neither rules nor routes', () => {
    const options = { rules: [ruleSchema.parse({ sample: 1 })], isOwn: () => true };
    expect(explain(eventOf(), options)).toMatchObject({ rules: [], routes: [], verdict: [{ reason: 'own log' }] });
  });
});
