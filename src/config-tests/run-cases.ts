import type { Config } from '../config/config.ts';
import type { sourceOptions } from '../sources/index.ts';
import { compare, type Mismatch } from './compare.ts';
import { runEntries } from './run-entries.ts';
import type { TestCase } from './test-case.ts';

/** A case that has run; without a mismatch it has passed. */
export interface CaseResult {
  readonly testCase: TestCase;
  readonly mismatches: readonly Mismatch[];
}

/** Runs each case by itself: none sees what another left behind. */
export const runCases = (cases: readonly TestCase[], config: Config<typeof sourceOptions>): readonly CaseResult[] =>
  cases.map((testCase) => ({
    testCase,
    mismatches: compare(testCase, runEntries(testCase, config), config),
  }));
