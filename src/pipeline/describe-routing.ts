import type { Config } from '../config/config.ts';
import type { Match } from '../policy/match/match.ts';
import type { Route } from '../policy/routes.ts';
import type { sourceOptions } from '../sources/index.ts';

type RoutingConfig = Pick<Config<typeof sourceOptions>, 'destinations' | 'rules' | 'routes'>;

const describeValue = (value: Match[string]): string => {
  const texts = (Array.isArray(value) ? value : [value]).map(String);
  const text = texts.join('|');
  return /^[<>]/.test(text) ? text : `=${text}`;
};

const describeMatch = (match: Match | undefined): string => {
  const conditions = Object.entries(match ?? {}).map(([key, value]) => key + describeValue(value));
  return conditions.length === 0 ? 'everything' : conditions.join(' and ');
};

const isForAll = ({ match, to = [] }: Route): boolean => Object.keys(match ?? {}).length === 0 && to.length > 0;

const describeRoute = ({ match, to = [], drop, stop }: Route, enabled: ReadonlySet<string>): readonly string[] => {
  const names = to.filter((name) => enabled.has(name));
  if (names.length > 0) return [`${describeMatch(match)} to ${names.join(', ')}`];
  return drop || stop ? [`${describeMatch(match)} nowhere`] : [];
};

const describeRules = (count: number): string => (count === 1 ? '1 rule keeps less' : `${count} rules keep less`);

/** What goes where, and so what goes nowhere, in one line: `container=* to cloudwatch; all else nowhere`. */
export const describeRouting = ({ destinations, rules, routes }: RoutingConfig): string => {
  const names = destinations.filter(({ status }) => status !== 'off').map(({ name }) => name);
  if (names.length === 0) return 'nothing goes anywhere: no destination is switched on';
  const enabled = new Set(names);
  const parts = routes.flatMap((route) => describeRoute(route, enabled));
  if (routes.length === 0) parts.push(`everything to ${names.join(', ')}`);
  else if (!routes.some((route) => isForAll(route))) parts.push('all else nowhere');
  if (rules.length > 0) parts.push(describeRules(rules.length));
  return parts.join('; ');
};
