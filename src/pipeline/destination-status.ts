import type { Lane } from '../delivery/lane.ts';
import { unexplained } from '../ledger/balance.ts';
import type { Source, SourceHead } from '../sdk/source.ts';
import { backlogOf } from './backlog-alarms.ts';
import type { RunningDestination } from './destination.ts';
import { type DestinationStatus, maxShownParked } from './status.ts';

/** What a destination is measured against. */
export interface StatusMoment {
  readonly source: Source;
  /** The source's newest record, as it was some seconds ago; undefined when there is none, or nobody can tell. */
  readonly head: SourceHead | undefined;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

const parkedIn = ({
  parked,
  parkedRecords,
}: Lane): Pick<DestinationStatus, 'parked' | 'parkedKeys' | 'parkedLines'> => ({
  parked: parked
    .map(({ key, reason, sinceMs, outstanding }) => ({ key, reason, sinceMs, lines: outstanding.total }))
    .toSorted((one, other) => one.sinceMs - other.sinceMs)
    .slice(0, maxShownParked),
  parkedKeys: parked.length,
  parkedLines: parkedRecords,
});

/** How far a lane's main track is behind the newest record. */
const lagOf = (
  lane: Lane,
  { source, head, nowMs }: StatusMoment,
): Pick<DestinationStatus, 'lagLines' | 'lagSeconds'> => {
  const [progress] = lane.main.shards.values();
  const safe = progress?.settlement.safe;
  const cursor = progress?.resume.kind === 'after' ? progress.resume.cursor : undefined;
  const isPast = head !== undefined && safe !== undefined && safe.receivedUs > head.position.receivedUs;
  if (head === undefined || isPast || head.position.cursor() === cursor)
    return { lagLines: lane.pendingRecords, lagSeconds: 0 };
  const lagLines = cursor === undefined ? undefined : source.recordsBetween(cursor, head.position);
  const { oldestPendingUs } = lane;
  const unreadUs = safe === undefined ? 0 : head.position.receivedUs - safe.receivedUs;
  const behindUs = oldestPendingUs === undefined ? unreadUs : nowMs * 1000 - oldestPendingUs;
  return { lagLines, lagSeconds: Math.max(0, behindUs) / 1_000_000 };
};

/** One destination as of now. */
export const destinationStatus = (destination: RunningDestination, moment: StatusMoment): DestinationStatus => {
  const { name, type, lane, letters, account, saver } = destination;
  const balance = account.balance(lane.pendingRecords);
  return {
    name,
    type,
    condition: lane.condition,
    balance,
    unexplained: unexplained(balance),
    resent: lane.resentEvents,
    originated: lane.originatedEvents,
    billedBytes: lane.billedBytes,
    ...lagOf(lane, moment),
    ...parkedIn(lane),
    ...backlogOf(destination),
    checkpointProblem: saver.problem,
    deadLetters: letters.summary,
  };
};
