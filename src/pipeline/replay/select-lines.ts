import type { LogEvent } from '../../event/event.ts';
import { exclusionFor, type Verdict } from '../../event/verdict.ts';
import { compileGlob } from '../../policy/match/glob.ts';
import type { Judge } from '../../policy/policy.ts';
import { isWithin, type Span } from './span.ts';

/** Which lines a replay is about. */
export interface Selection {
  readonly destination: string;
  readonly span: Span;
  /** Undefined: all services. */
  readonly service: string | undefined;
}

/** How lines that were not asked for are counted: the operator passed them over. */
export const passedOverReason = 'skipped by operator';

const notAskedFor: Verdict = [{ reason: passedOverReason, destinations: undefined }];

/**
 * Adds to policy that only some lines are asked for; what policy removes stays removed. An event belongs to the span that
 * its first record does, so that no joined line is torn.
 *
 * @param onLine told of each event, and whether it is going to be sent.
 */
export const selectLines = (
  { destination, span, service }: Selection,
  judge: Judge,
  onLine: (isSent: boolean) => void,
): Judge => {
  const fits = service === undefined ? () => true : compileGlob(service);
  const isWanted = (event: LogEvent): boolean => isWithin(span, event.position.receivedUs) && fits(event.service);
  return (event) => {
    const verdict = isWanted(event) ? judge(event) : notAskedFor;
    onLine(exclusionFor(verdict, destination) === undefined);
    return verdict;
  };
};
