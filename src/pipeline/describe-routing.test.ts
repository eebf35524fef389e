import { describe, expect, test } from '@jest/globals';
import type { Route } from '../policy/routes.ts';
import { describeRouting } from './describe-routing.ts';

const destinations = [
  { status: 'denied', name: 'cloudwatch', problem: '' },
  { status: 'denied', name: 'loggly', problem: '' },
  { status: 'off', name: 'logdna' },
] as const;

const routeOf = (route: Partial<Route>): Route => ({ stop: false, drop: false, ...route });

const routing = (...routes: readonly Partial<Route>[]): string =>
  describeRouting({ destinations, rules: [], routes: routes.map(routeOf) });

describe('the line on what goes where', () => {
  test('says what the shipped default leaves out', () => {
    const container = { match: { container: '*' }, to: ['cloudwatch', 'loggly', 'logdna'] };
    expect(routing(container, { match: { level: '>=warn' }, to: ['cloudwatch'] })).toBe(
      'container=* to cloudwatch, loggly; level>=warn to cloudwatch; all else nowhere',
    );
  });

  test('says that nothing is left out', () => {
    expect(routing()).toBe('everything to cloudwatch, loggly');
    expect(routing({ to: ['loggly'] })).toBe('everything to loggly');
  });

  test('says what is stopped, several values, and that rules keep less', () => {
    const match = { service: ['chatty', 'noisy-*'], 'data.status': '<500' };
    expect(routing({ match, drop: true }, { to: ['loggly'] })).toBe(
      'service=chatty|noisy-* and data.status<500 nowhere; everything to loggly',
    );
    expect(describeRouting({ destinations, rules: [{ sample: 0.1 }], routes: [] })).toBe(
      'everything to cloudwatch, loggly; 1 rule keeps less',
    );
  });

  test('leaves out what is switched off', () => {
    expect(routing({ match: { level: 'error' }, to: ['logdna'] })).toBe('all else nowhere');
    expect(describeRouting({ destinations: destinations.slice(2), rules: [], routes: [] })).toBe(
      'nothing goes anywhere: no destination is switched on',
    );
  });
});
