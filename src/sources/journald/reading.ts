import type { Clock, Logger } from '#sdk';
import type { GapStatus } from './gap-status.ts';

/** Which journal files and which entries of them. */
export interface JournalPlace {
  /** The folder that this host's `/etc`, `/run` and `/var` are in: `/`. */
  readonly hostRoot: string;
  /** Default: this host's. */
  readonly directory: string | undefined;
  readonly namespace: string | undefined;
  /** `FIELD=value` each, combined as journalctl does. */
  readonly matches: readonly string[];
}

/** What all parts of the source share. */
export interface JournalReading {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journalctlPath: string;
  readonly place: JournalPlace;
  /** Undefined: all fields. */
  readonly wantedFields: readonly string[] | undefined;
  readonly maxMessageBytes: number;
  readonly machines: 'own' | 'all';
  readonly gapStatus: GapStatus;
}
