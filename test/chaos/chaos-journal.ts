import type { WrittenJournal } from '../end-to-end/written-journal.ts';
import type { NativeEntry } from '../rigs/journald/native-socket.ts';
import type { AgentRunOptions } from '../support/agent-run.ts';

/** A journal that a rig writes and its agent reads. */
export interface ChaosJournal {
  /** What a configuration has to say of the `journald` source for it to be this one. */
  readonly source: { readonly directory?: string };
  /** How a program is started that is to see this journal. */
  readonly spawn: AgentRunOptions['spawn'];
  /** Path of a file of the agent's, as seen from here. */
  readonly path: (file: string) => string;
  /** Appends entries; resolves when they are in the journal's hands. */
  readonly write: (entries: readonly NativeEntry[]) => Promise<void>;
  /** All that it holds now. */
  readonly read: () => Promise<WrittenJournal>;
  /** Ends all and removes all files. May be called twice. */
  readonly stop: () => Promise<void>;
}
