import type { Seek } from './arguments.ts';
import type { JournalCursor } from './cursor.ts';
import type { Failure } from './failure.ts';
import type { JournalPosition } from './position.ts';

/** The entry that a question finds, if any; or why there is no answer. */
export type Finding = { readonly position: JournalPosition | undefined } | { readonly failure: Failure };

/** Answers where entries are. All reject when the signal aborts. */
export interface EntryFinder {
  /** The first entry at `seek` or after it. */
  at(seek: Seek, signal: AbortSignal): Promise<Finding>;
  /** The entry of a cursor under whatever number, among those of its microsecond that begin at `seek`; see {@link SameEntry}. */
  same(cursor: JournalCursor, seek: Seek, signal: AbortSignal): Promise<Finding>;
  /** The entry before which there are `count - 1` newer ones; the oldest when there are fewer. */
  newest(count: number, signal: AbortSignal): Promise<Finding>;
  /** The newest entry of a boot. */
  newestOfBoot(bootId: string, signal: AbortSignal): Promise<Finding>;
}
