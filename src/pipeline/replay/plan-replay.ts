import type { Lane } from '../../delivery/lane.ts';
import { formatTimeUs } from '../../event/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Source } from '../../sdk/source.ts';
import { ReplayRefusal } from './replay-refusal.ts';
import type { ReplayPlan } from './replay-report.ts';
import type { ReplayRequest } from './replay-request.ts';

/** What a plan is made with, besides the request. */
export interface PlanSurroundings {
  readonly source: Source;
  /** The destination's live lane. */
  readonly lane: Lane;
  readonly clock: Clock;
}

/** A lane that is no farther behind than this only has its lines in hands. */
const ordinaryLagMs = 60_000;

const timeOf = (ms: number): string => formatTimeUs(Math.floor(ms) * 1000);

const conditionNotice = (name: string, { condition: { state, reason } }: Lane): readonly string[] =>
  state === 'ok' ? [] : [`${name} does not take lines at the moment (${reason}); the replay waits until it does`];

/** Its own lane has yet to send these. */
const overlapNotice = (name: string, { oldestPendingUs }: Lane, untilMs: number, nowMs: number): readonly string[] => {
  const oldestMs = (oldestPendingUs ?? Number.POSITIVE_INFINITY) / 1000;
  if (oldestMs > untilMs || oldestMs > nowMs - ordinaryLagMs) return [];
  return [
    `${name} is behind and gets the lines from ${timeOf(oldestMs)} on anyway: those of them in the span come twice`,
  ];
};

const reachNotice = (sinceMs: number, oldestUs: number | undefined): readonly string[] => {
  if (oldestUs === undefined)
    return ['how far back the journal reaches is not known: what it no longer holds is missing'];
  return oldestUs / 1000 <= sinceMs
    ? []
    : [`the journal begins at ${timeOf(oldestUs / 1000)}: what was logged before is gone`];
};

/**
 * What can be had of what is asked for.
 *
 * @throws {ReplayRefusal} when that is nothing.
 */
export const planReplay = async (
  request: ReplayRequest,
  { source, lane, clock }: PlanSurroundings,
  signal: AbortSignal,
): Promise<ReplayPlan> => {
  const { destination, sinceMs } = request;
  const nowMs = clock.now();
  const untilMs = Math.min(request.untilMs, nowMs);
  if (sinceMs > untilMs)
    throw new ReplayRefusal(
      'impossible',
      `the span is empty: it begins at ${timeOf(sinceMs)} and ends at ${timeOf(untilMs)}`,
    );
  const oldestUs = (await source.capacity(signal))?.oldestUs;
  if (oldestUs !== undefined && oldestUs / 1000 > untilMs) {
    throw new ReplayRefusal(
      'impossible',
      `the journal no longer holds anything of the span: it begins at ${timeOf(oldestUs / 1000)}`,
    );
  }
  const notices = [
    ...reachNotice(sinceMs, oldestUs),
    ...conditionNotice(destination, lane),
    ...overlapNotice(destination, lane, untilMs, nowMs),
  ];
  return { ...request, sinceMs: Math.max(sinceMs, (oldestUs ?? 0) / 1000), untilMs, notices };
};
