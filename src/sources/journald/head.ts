import { SourceError, type SourceHead } from '#sdk';
import type { Failure } from './failure.ts';
import type { EntryFinder, Finding } from './finder.ts';
import type { JournalPosition } from './position.ts';

/** A question to journalctl got no answer, this time. */
export class ProbeError extends SourceError {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super('broken', `journalctl failed: ${'text' in failure ? failure.text : failure.kind}`);
    this.failure = failure;
  }
}

/**
 * What a question to journalctl found.
 *
 * @throws {SourceError} when it can't be answered; {@link ProbeError} when the next try may do better.
 */
export const positionOf = (finding: Finding): JournalPosition | undefined => {
  if (!('failure' in finding)) return finding.position;
  throw finding.failure.kind === 'fatal' ? finding.failure.error : new ProbeError(finding.failure);
};

/**
 * The newest entry of the journal.
 *
 * @throws {SourceError} when it can't be told.
 */
export const findHead = async (finder: EntryFinder, signal: AbortSignal): Promise<SourceHead | undefined> => {
  const position = positionOf(await finder.newest(1, signal));
  return position === undefined ? undefined : { position };
};
