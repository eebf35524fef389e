import type { Config } from '../config/config.ts';
import type { LogEvent } from '../event/event.ts';
import type { Verdict } from '../event/verdict.ts';
import { createAssembly } from '../pipeline/assembly.ts';
import { EventTap } from '../pipeline/event-tap.ts';
import { feedBytes, openLineBytes } from '../pipeline/memory-shares.ts';
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
  const judgeAndKeep = (event: LogEvent): Verdict => {
    const explanation = judge(event);
    judged.push({ event, ...explanation });
    return explanation.verdict;
  };
  const maxOpenBytes = openLineBytes(feedBytes(config.memoryBytes));
  const assembler = createAssembler(judgeAndKeep, new EventTap([]), maxOpenBytes);
  const records = entries.map((entry, index) => recordOf(entry, index));
  for (let round = 0; round <= after; round += 1) {
    judged = [];
    for (const [index, record] of records.entries()) assembler.assemble(record, round * records.length + index);
    while (assembler.flush(Number.MAX_SAFE_INTEGER).length > 0);
  }
  return judged;
};
