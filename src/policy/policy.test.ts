import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import * as fc from 'fast-check';
import { anyEvent, eventOf, eventsOf, fieldsOf } from '../../test/support/events.ts';
import { dropReasons } from '../event/drop-reason.ts';
import type { LogEvent } from '../event/event.ts';
import { exclusionFor, keep } from '../event/verdict.ts';
import { createPolicy, type Policy, type PolicyOptions } from './policy.ts';
import { routeSchema } from './routes.ts';
import { ruleSchema } from './rules/rule.ts';

const destinations = ['cloudwatch', 'loggly', 'logdna-audit'];

const configuration = z.object({
  rules: z.array(ruleSchema).default([]),
  routes: z.array(routeSchema).default([]),
});

/** A policy as a configuration file says it. */
const policyOf = (yaml: string, others: Partial<PolicyOptions> = {}): Policy =>
  createPolicy({ destinations, ...configuration.parse(parse(yaml) ?? {}), ...others });

/** What becomes of an event, by destination. */
const fateOf = (policy: Policy, event: LogEvent): readonly (string | undefined)[] => {
  const verdict = policy.createJudge()(event);
  return destinations.map((destination) => exclusionFor(verdict, destination));
};

const fromHost = (machine: string) => eventOf({ fields: fieldsOf({ _MACHINE_ID: machine }) });

const fromContainer = { info: { container: 'web-1' } };

describe('routes', () => {
  test('without any, everything goes everywhere, at no cost', () => {
    expect(policyOf('').createJudge()(eventOf())).toBe(keep);
    expect(policyOf('routes: []').createJudge()(eventOf())).toBe(keep);
  });

  const example = policyOf(`
    routes:
      - match: { service: audit, level: ">=warn" }
        to: [cloudwatch, logdna-audit]
        stop: true
      - match: { container: "*" }
        to: [cloudwatch, loggly]
      - match: { level: ">=warn" }
        to: [cloudwatch]
  `);

  test.each<[string, Partial<LogEvent>, readonly (string | undefined)[]]>([
    ['an audit warning', { service: 'audit', level: 'ERROR', ...fromContainer }, [undefined, 'not routed', undefined]],
    ['an audit notice', { service: 'audit', level: 'INFO', ...fromContainer }, [undefined, undefined, 'not routed']],
    ['a container', { level: 'DEBUG', ...fromContainer }, [undefined, undefined, 'not routed']],
    ['a host warning', { level: 'WARN' }, [undefined, 'not routed', 'not routed']],
    ['a host notice', { level: 'NOTICE' }, ['not routed', 'not routed', 'not routed']],
  ])('of the example send %s where they say', (_, overrides, fate) => {
    expect(fateOf(example, eventOf(overrides))).toEqual(fate);
  });

  test('a drop ends evaluation and takes nothing back', () => {
    const policy = policyOf(`
      routes:
        - { match: { level: ">=err" }, to: [loggly] }
        - { match: { service: noisy }, drop: true }
        - { to: [cloudwatch] }
    `);
    expect(fateOf(policy, eventOf({ service: 'noisy' }))).toEqual(['not routed', 'not routed', 'not routed']);
    expect(fateOf(policy, eventOf({ service: 'noisy', level: 'CRIT' }))).toEqual([
      'not routed',
      undefined,
      'not routed',
    ]);
    expect(fateOf(policy, eventOf({ level: 'CRIT' }))).toEqual([undefined, undefined, 'not routed']);
  });

  test('a destination that is not enabled changes nothing for the others', () => {
    const policy = policyOf('routes: [{ to: [disabled, loggly] }]');
    expect(fateOf(policy, eventOf())).toEqual(['not routed', undefined, 'not routed']);
  });

  test.each([
    '{}',
    '{ match: { service: a } }',
    '{ to: [a], drop: true }',
    '{ drop: false }',
    '{ to: [] }',
    '{ to: a }',
  ])('refuse %s', (yaml) => {
    expect(routeSchema.safeParse(parse(yaml)).error?.issues).toHaveLength(1);
  });
});

describe('rules', () => {
  test('of the example keep a tenth of what is chatty, for one destination, and all of the rest', () => {
    const policy = policyOf(`
      rules:
        - match: { service: "billing-*" }
          min_level: debug
        - match: { service: chatty }
          to: [loggly]
          sample: 0.1
    `);
    const fates = eventsOf(1000, { service: 'chatty' }).map((event) => fateOf(policy, event));
    const kept = fates.filter((fate) => fate.every((reason) => reason === undefined)).length;
    expect(kept).toBeGreaterThan(60);
    expect(kept).toBeLessThan(140);
    expect(fates.filter(([, loggly]) => loggly === 'sampled')).toHaveLength(1000 - kept);
    expect(fates.every(([cloudwatch, , logdna]) => cloudwatch === undefined && logdna === undefined)).toBe(true);
    expect(policy.createJudge()(eventOf({ service: 'billing-api', level: 'DEBUG' }))).toBe(keep);
  });

  test('for each key the first matching rule that has the key decides', () => {
    const policy = policyOf(`
      rules:
        - { match: { service: "billing-*" }, min_level: debug }
        - { match: { service: billing-test }, sample: 0 }
        - { min_level: warning }
        - { min_level: emerg }
    `);
    expect(fateOf(policy, eventOf({ service: 'billing-api', level: 'DEBUG' }))[0]).toBeUndefined();
    expect(fateOf(policy, eventOf({ service: 'billing-test', level: 'DEBUG' }))[0]).toBe('sampled');
    expect(fateOf(policy, eventOf({ service: 'web', level: 'NOTICE' }))[0]).toBe('filtered by rule');
    expect(fateOf(policy, eventOf({ service: 'web', level: 'WARN' }))[0]).toBeUndefined();
  });

  test('limited by `to` decide for those destinations alone', () => {
    const policy = policyOf(`
      rules:
        - { match: { service: chatty }, to: [loggly], sample: 0 }
        - { to: [loggly, cloudwatch], min_level: info }
        - { min_level: error }
        - { sample: 1 }
    `);
    const chatty = { service: 'chatty' } as const;
    expect(fateOf(policy, eventOf({ ...chatty, level: 'INFO' }))).toEqual([undefined, 'sampled', 'filtered by rule']);
    expect(fateOf(policy, eventOf({ ...chatty, level: 'ERROR' }))).toEqual([undefined, 'sampled', undefined]);
    expect(fateOf(policy, eventOf({ level: 'DEBUG' }))).toEqual(Array(3).fill('filtered by rule'));
  });

  test('that name a destination again and again leave the others to later rules', () => {
    const policy = policyOf(`
      rules:
        - { to: [loggly, loggly, loggly], min_level: debug }
        - { min_level: warn }
    `);
    expect(fateOf(policy, eventOf())).toEqual(['filtered by rule', undefined, 'filtered by rule']);
  });

  test('level comes before sample, and both after routes', () => {
    const policy = policyOf(`
      rules: [{ min_level: warn, sample: 0 }]
      routes: [{ to: [loggly] }]
    `);
    expect(fateOf(policy, eventOf({ level: 'INFO' }))).toEqual(['not routed', 'filtered by rule', 'not routed']);
    expect(fateOf(policy, eventOf({ level: 'WARN' }))).toEqual(['not routed', 'sampled', 'not routed']);
  });

  const limited = `
    rules: [{ match: { service: chatty }, to: [loggly], rate_limit: { burst: 2, interval: 1h } }, { sample: 1 }]
  `;

  test('limit what a service and a stream send, for the destinations that they name', () => {
    const judge = policyOf(limited).createJudge();
    const fates = eventsOf(3, { service: 'chatty' }).map((event) => judge(event));
    expect(fates.map((verdict) => exclusionFor(verdict, 'loggly'))).toEqual([undefined, undefined, 'rate-limited']);
    expect(fates.map((verdict) => exclusionFor(verdict, 'cloudwatch'))).toEqual(Array(3).fill(undefined));
    expect(judge(eventOf({ service: 'chatty', stream: 'another' }))).toBe(keep);
    expect(judge(eventOf())).toBe(keep);
  });

  test('go by the time of receipt, not by what a line says', () => {
    const judge = policyOf('rules: [{ rate_limit: { burst: 1, interval: 1s } }]').createJudge();
    const verdicts = eventsOf(3).map((event) => judge({ ...event, timeUs: event.timeUs + event.position.receivedUs }));
    expect(verdicts.map((verdict) => exclusionFor(verdict, 'loggly'))).toEqual([
      undefined,
      'rate-limited',
      'rate-limited',
    ]);
  });

  test('start with full buckets in each feed', () => {
    const policy = policyOf(limited);
    const ofFeed = () => {
      const judge = policy.createJudge();
      return eventsOf(4, { service: 'chatty' }).map((event) => exclusionFor(judge(event), 'loggly'));
    };
    expect(ofFeed()).toEqual([undefined, undefined, 'rate-limited', 'rate-limited']);
    expect(ofFeed()).toEqual(ofFeed());
  });

  test('count against a rate limit only what level and sample have left', () => {
    const judge = policyOf('rules: [{ min_level: info, rate_limit: { burst: 1, interval: 1h } }]').createJudge();
    for (const event of eventsOf(10, { level: 'DEBUG' })) judge(event);
    expect(judge(eventOf())).toBe(keep);
    expect(judge(eventOf())).toEqual([{ reason: 'rate-limited', destinations: undefined }]);
  });

  test.each([
    ['{}', 'this rule decides nothing; give it min_level, sample or rate_limit'],
    ['{ min_level: loud }', '"loud" is no level (emerg, alert, crit, error, warn, notice, info, debug)'],
    [
      '{ min_level: ">=warn" }',
      '">=warn" is no level (emerg, alert, crit, error, warn, notice, info, debug); did you mean "warn"?',
    ],
  ])('refuse %s and say what to do', (yaml, message) => {
    expect(ruleSchema.safeParse(parse(yaml)).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  test.each([
    '{ sample: 1.1 }',
    '{ sample: -0.1 }',
    '{ sample: "10%" }',
    '{ sampel: 0.1 }',
    '{ rate_limit: { burst: 0, interval: 1s } }',
    '{ rate_limit: { burst: 1 } }',
    '{ rate_limit: { burst: 1, interval: 2h } }',
    '{ sample: 0.1, to: [] }',
  ])('refuse %s', (yaml) => {
    expect(ruleSchema.safeParse(parse(yaml)).success).toBe(false);
  });

  test('and routes become JSON Schemas with a description of each key', () => {
    for (const schema of [ruleSchema, routeSchema]) {
      const json = z.toJSONSchema(schema, { io: 'input' });
      expect(json.additionalProperties).toBe(false);
      for (const property of Object.values(json.properties ?? {})) {
        expect(property).toHaveProperty('description');
      }
    }
  });
});

describe('a policy', () => {
  test('excludes other hosts where they are not wanted', () => {
    const own = policyOf('', { ownMachineId: 'abc' });
    expect(own.fields).toEqual(['_MACHINE_ID']);
    expect(fateOf(own, fromHost('def'))).toEqual(Array(3).fill('foreign host'));
    expect(own.createJudge()(fromHost('abc'))).toBe(keep);
    expect(own.createJudge()(eventOf())).toBe(keep);
    expect(policyOf('').createJudge()(fromHost('def'))).toBe(keep);
  });

  test('ships the own lines of the agent from WARN up, where routes send them', () => {
    const policy = policyOf('routes: [{ to: [loggly] }]', { isOwn: ({ service }) => service === 'sluice' });
    const own = { service: 'sluice' } as const;
    expect(fateOf(policy, eventOf({ ...own, level: 'NOTICE' }))).toEqual(Array(3).fill('own log'));
    expect(fateOf(policy, eventOf({ ...own, level: 'WARN' }))).toEqual(['not routed', undefined, 'not routed']);
    expect(fateOf(policy, eventOf({ level: 'NOTICE' }))).toEqual(['not routed', undefined, 'not routed']);
  });

  test('names each journal field that its matches read once', () => {
    const policy = policyOf(`
      rules: [{ match: { _TRANSPORT: kernel, PRIORITY: 7 }, sample: 0.5 }]
      routes: [{ match: { _TRANSPORT: audit, service: x }, to: [loggly] }]
    `);
    expect(policy.fields).toEqual(['_TRANSPORT', 'PRIORITY']);
  });

  const manyVerdicts = `
    rules: [{ to: [loggly], sample: 0.5 }, { match: { service: billing }, min_level: notice }]
    routes: [{ match: { level: ">=warn" }, to: [cloudwatch] }, { match: { level: "<warn" }, to: [loggly, logdna-audit] }]
  `;

  test('shares the verdicts that it gives again', () => {
    const judge = policyOf(manyVerdicts).createJudge();
    const verdicts = eventsOf(1000).map((event) => judge(event));
    expect(new Set(verdicts).size).toBe(1);
    const others = eventsOf(1000, { service: 'other' }).map((event) => judge(event));
    expect(new Set(others).size).toBe(2);
  });

  test('stays right where there are more verdicts than it shares', () => {
    const names = Array.from({ length: 8 }, (_, index) => `d${index}`);
    const routes = names.map((name, index) => routeSchema.parse({ match: { [`data.${index}`]: true }, to: [name] }));
    const judge = createPolicy({ rules: [], routes, destinations: names }).createJudge();
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (wanted) => {
        const verdict = judge(eventOf({ data: Object.fromEntries(wanted.entries()) }));
        expect(names.map((name) => exclusionFor(verdict, name) === undefined)).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });

  test('gives any event the same verdict in every reading', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const fate = fateOf(policyOf(manyVerdicts), event);
        expect(fateOf(policyOf(manyVerdicts), event)).toEqual(fate);
        expect([undefined, ...dropReasons]).toEqual(expect.arrayContaining([...fate]));
      }),
    );
  });
});
