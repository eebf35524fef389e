import type { LogEvent } from '../event/event.ts';
import type { Verdict } from '../event/verdict.ts';
import type { Policy } from './policy.ts';

/** A verdict and where it comes from. */
export interface Explanation {
  readonly verdict: Verdict;
  /** The rules that decided for a destination that was left, also those that kept the event: indexes, rising. */
  readonly rules: readonly number[];
  /** The routes that matched before one said stop: indexes, rising. */
  readonly routes: readonly number[];
}

/** Explains its verdicts. */
export type ExplainingJudge = (event: LogEvent) => Explanation;

const rising = (indexes: ReadonlySet<number>): readonly number[] => [...indexes].toSorted((one, other) => one - other);

/** A judge like all others of this policy, so that what it says of an event is what a feed's judge says. */
export const createExplainingJudge = (policy: Policy): ExplainingJudge => {
  const decided = { rules: new Set<number>(), routes: new Set<number>() };
  const judge = policy.createJudge((by, index) => decided[by].add(index));
  return (event) => {
    decided.rules.clear();
    decided.routes.clear();
    const verdict = judge(event);
    return { verdict, rules: rising(decided.rules), routes: rising(decided.routes) };
  };
};
