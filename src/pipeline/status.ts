import type { DestinationCondition } from '../delivery/dispatcher.ts';
import type { Balance } from '../ledger/account.ts';

/** One destination as of now. */
export interface DestinationStatus {
  readonly name: string;
  readonly type: string;
  readonly condition: DestinationCondition;
  readonly balance: Balance;
  /** read - delivered - uncertain - dropped - pending: 0 unless we have a bug. */
  readonly unexplained: number;
  readonly resent: number;
  readonly billedBytes: number;
  /** How far behind the newest record; undefined when the source can't tell. */
  readonly lagLines: number | undefined;
  readonly lagSeconds: number;
  /** Why its checkpoint could not be saved last time; undefined when it could. */
  readonly checkpointProblem: string | undefined;
}

/** The agent as of now: what status, health and metrics show. */
export interface AgentStatus {
  readonly source: { readonly name: string; readonly description: string; readonly warnings: readonly string[] };
  /** Records and bytes handed over by the source in this process, over all feeds. */
  readonly recordsRead: number;
  readonly bytesRead: number;
  /** Lines that others lost before us, by reason. */
  readonly lost: Readonly<Record<string, number>>;
  readonly feeds: number;
  /** Memory of the feeds' windows, in bytes, as estimated. */
  readonly windowBytes: number;
  /** Why reading ended for good; undefined while it goes on. */
  readonly sourceProblem: string | undefined;
  readonly destinations: readonly DestinationStatus[];
  /** Those that can't ship until the configuration is mended. */
  readonly denied: readonly { readonly name: string; readonly reason: string }[];
}
