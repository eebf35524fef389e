import { z } from 'zod';
import type { ConfigNode, KeyPath } from '../config/config-node.ts';
import { expectationShape, type Expectation } from './expectation.ts';
import { entrySchema, type JournalEntry } from './journal-entry.ts';

/** A case that takes longer than a second is of no use. */
const mostRepetitions = 100_000;

const caseSchema = z
  .strictObject({
    name: z.string().min(1),
    entry: entrySchema.optional(),
    entries: z.array(entrySchema).min(1).optional(),
    after: z.int().min(0).max(mostRepetitions).prefault(0),
    ...expectationShape,
  })
  .refine(({ entry, entries }) => (entry === undefined) !== (entries === undefined), {
    error: 'a case has either `entry`, or `entries`: the pieces of one line',
  })
  .refine((given) => Object.keys(expectationShape).some((key) => key in given), {
    error: 'this case expects nothing; give it event, rules, routes, destinations or dropped',
  });

/** A file of test cases. */
export const testFileSchema = z.strictObject({ cases: z.array(caseSchema).prefault([]) });

/** A line, and what is expected of it. */
export interface TestCase {
  readonly name: string;
  /** In its file, with the places of all that is expected. */
  readonly node: ConfigNode;
  /** Of `node`, from the root of its file. */
  readonly path: KeyPath;
  /** One, or the pieces of one line. */
  readonly entries: readonly JournalEntry[];
  /** How often the same came just before, for rate limits. */
  readonly after: number;
  readonly expected: Expectation;
}
