import type { DropReason } from '../../event/drop-reason.ts';
import { indexesOf } from '../destination-names.ts';
import { compileMatch, type EventTest } from '../match/match.ts';
import type { CreateStep } from '../step.ts';
import { createMinLevelTest } from './min-level.ts';
import type { Rule } from './rule.ts';
import { createSampleTest } from './sample.ts';

interface KeyedRule {
  /** Its index in the configuration. */
  readonly position: number;
  readonly matches: EventTest;
  readonly drops: EventTest;
  readonly indexes: readonly number[];
}

/** Makes the test of one key; undefined for a rule that does not have the key. */
type CreateTest = (rule: Rule) => EventTest | undefined;

const selectRules = (
  rules: readonly Rule[],
  destinations: readonly string[],
  createTest: CreateTest,
): readonly KeyedRule[] =>
  rules.flatMap((rule, position) => {
    const drops = createTest(rule);
    if (drops === undefined) return [];
    const matches = compileMatch(rule.match ?? {});
    return [{ position, matches, drops, indexes: indexesOf(rule.to ?? destinations, destinations) }];
  });

/** For each destination that is left the first matching rule decides. */
const createStep =
  (keyedRules: readonly KeyedRule[], destinationCount: number, reason: DropReason): CreateStep =>
  (onDecision) => {
    const decided = new Uint8Array(destinationCount);
    return (event, reasons) => {
      decided.fill(0);
      for (const { position, matches, drops, indexes } of keyedRules) {
        if (!matches(event)) continue;
        let dropped: boolean | undefined;
        for (const index of indexes) {
          if (decided[index] === 1) continue;
          decided[index] = 1;
          if (reasons[index] !== undefined) continue;
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
  const stepOf = (reason: DropReason, createTest: CreateTest): readonly CreateStep[] => {
    const keyedRules = selectRules(rules, destinations, createTest);
    return keyedRules.length === 0 ? [] : [createStep(keyedRules, destinations.length, reason)];
  };
  return [
    ...stepOf('filtered by rule', (rule) =>
      rule.min_level === undefined ? undefined : createMinLevelTest(rule.min_level),
    ),
    ...stepOf('sampled', (rule) => (rule.sample === undefined ? undefined : createSampleTest(rule.sample))),
  ];
};
