import type { Config } from '../config/config.ts';
import type { LogEvent } from '../event/event.ts';
import { EventTap } from '../pipeline/event-tap.ts';
import { createAssembly } from '../pipeline/assembly.ts';
import { createExplainingJudge, type Explanation } from '../policy/explain.ts';
import type { sourceOptions } from '../sources/index.ts';
import { recordOf } from './entry-record.ts';
import type { TestCase } from './test-case.ts';

/** An event, and what was said of it. */
export interface JudgedEvent extends Explanation {
  readonly event: LogEvent;
}

/** Nothing of the machine that runs the tests may show in what comes out. */
const anyHost = { name: 'localhost', machineId: undefined, cloud: {} };

/**
 * Runs a case's entries through a new feed's joins, normalization and policy. Every entry counts as this host's, and none
 * as the agent's own.
 *
 * @returns the events of the last round, in the order in which they are handed on.
 */
export const runEntries = (
  { entries, after }: Pick<TestCase, 'entries' | 'after'>,
  config: Config<typeof sourceOptions>,
): readonly JudgedEvent[] => {
  const { policy, createAssembler } = createAssembly(config, {
    host: () => anyHost,
    ownMachineId: undefined,
    isOwn: () => false,
    onServiceOverflow: () => undefined,
  });
  const judge = createExplainingJudge(policy);
  let judged: JudgedEvent[] = [];
  const assembler = createAssembler((event) => {
    const explanation = judge(event);
    judged.push({ event, ...explanation });
    return explanation.verdict;
  }, new EventTap([]));
  const records = entries.map((entry, index) => recordOf(entry, index));
  for (let round = 0; round <= after; round += 1) {
    judged = [];
    for (const [index, record] of records.entries()) assembler.assemble(record, round * records.length + index);
    assembler.flush(Number.MAX_SAFE_INTEGER);
  }
  return judged;
};
