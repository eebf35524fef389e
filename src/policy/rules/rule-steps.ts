import type { DropReason } from '../../event/drop-reason.ts';
import { indexesOf } from '../destination-names.ts';
import { compileMatch, type EventTest } from '../match/match.ts';
import type { CreateStep } from '../step.ts';
import { createMinLevelTest } from './min-level.ts';
import { createRateLimitTest } from './rate-limit.ts';
import type { Rule } from './rule.ts';
import { createSampleTest } from './sample.ts';

interface KeyedRule {
  /** Its index in the configuration. */
  readonly position: number;
  readonly matches: EventTest;
  /** Called for each judge, as a test may remember what it saw. */
  readonly createTest: () => EventTest;
  readonly indexes: readonly number[];
}

/** How to make the test of one key; undefined for a rule that does not have the key. */
type TestOf = (rule: Rule) => KeyedRule['createTest'] | undefined;

const selectRules = (rules: readonly Rule[], destinations: readonly string[], testOf: TestOf): readonly KeyedRule[] =>
  rules.flatMap((rule, position) => {
    const createTest = testOf(rule);
    if (createTest === undefined) return [];
    const matches = compileMatch(rule.match ?? {});
    return [{ position, matches, createTest, indexes: indexesOf(rule.to ?? destinations, destinations) }];
  });

/** For each destination that is left the first matching rule decides. */
const createStep =
  (keyedRules: readonly KeyedRule[], destinationCount: number, reason: DropReason): CreateStep =>
  (onDecision) => {
    const ownRules = keyedRules.map(({ position, matches, indexes, createTest }) => {
      const drops = createTest();
      return { position, matches, indexes, drops };
    });
    const decided = new Uint8Array(destinationCount);
    return (event, reasons) => {
      decided.fill(0);
      for (const { position, matches, drops, indexes } of ownRules) {
        if (!matches(event)) continue;
        let dropped: boolean | undefined;
        for (const index of indexes) {
          if (decided[index] === 1) continue;
          decided[index] = 1;
          if (reasons[index] !== undefined) continue;
          // Only where the answer counts: it may cost a token.
          dropped ??= drops(event);
          if (dropped) reasons[index] = reason;
        }
        if (dropped !== undefined) onDecision?.('rules', position);
        if (indexes.length === destinationCount) return;
      }
    };
  };

/** The steps that rules ask for, one per key, in the order in which keys are applied. */
export const compileRules = (rules: readonly Rule[], destinations: readonly string[]): readonly CreateStep[] => {
  const stepOf = (reason: DropReason, testOf: TestOf): readonly CreateStep[] => {
    const keyedRules = selectRules(rules, destinations, testOf);
    return keyedRules.length === 0 ? [] : [createStep(keyedRules, destinations.length, reason)];
  };
  return [
    ...stepOf('filtered by rule', ({ min_level: minLevel }) =>
      minLevel === undefined ? undefined : () => createMinLevelTest(minLevel),
    ),
    ...stepOf('sampled', ({ sample }) => (sample === undefined ? undefined : () => createSampleTest(sample))),
    ...stepOf('rate-limited', ({ rate_limit: limit }) =>
      limit === undefined ? undefined : () => createRateLimitTest(limit),
    ),
  ];
};
