import type { Logger } from '../sdk/logger.ts';
import { Alarm } from './alarm.ts';
import type { RunningDestination } from './destination.ts';

/** How long a destination's oldest line has waited, and may. */
export interface Backlog {
  /** When the source received it, in milliseconds since the epoch; undefined when none waits. */
  readonly waitsSinceMs?: number | undefined;
  /** Lines that were received longer ago are dropped; undefined: none are. */
  readonly maxBacklogSeconds?: number | undefined;
}

/** From this part of `max_backlog` on, somebody should know. */
const nearShare = 0.8;
/** Below this part it is a new story. */
const farShare = 0.5;

const waitedSeconds = ({ waitsSinceMs }: Backlog, nowMs: number): number =>
  waitsSinceMs === undefined ? 0 : Math.max(0, nowMs - waitsSinceMs) / 1000;

/** True when lines are about to be dropped on purpose. */
export const isNearMaxBacklog = (backlog: Backlog, nowMs: number): boolean =>
  waitedSeconds(backlog, nowMs) > (backlog.maxBacklogSeconds ?? Number.POSITIVE_INFINITY) * nearShare;

const isFarFromMaxBacklog = (backlog: Backlog, nowMs: number): boolean =>
  waitedSeconds(backlog, nowMs) < (backlog.maxBacklogSeconds ?? Number.POSITIVE_INFINITY) * farShare;

/** Says before `max_backlog` drops lines of a destination that it is going to. */
export class BacklogAlarms {
  readonly #logger: Logger;
  readonly #alarms = new Map<string, Alarm>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  observe(destination: string, backlog: Backlog, nowMs: number): void {
    const alarm = this.#alarms.get(destination) ?? new Alarm();
    this.#alarms.set(destination, alarm);
    if (!alarm.observe(isNearMaxBacklog(backlog, nowMs), isFarFromMaxBacklog(backlog, nowMs))) return;
    const { maxBacklogSeconds } = backlog;
    this.#logger.warn(
      { destination, waitedSeconds: Math.floor(waitedSeconds(backlog, nowMs)), maxBacklogSeconds },
      'its oldest line has waited for most of max_backlog: lines that wait longer are dropped, and counted',
    );
  }
}

/** What of a destination waits, and for how long it may. */
export const backlogOf = ({ lane, settings }: RunningDestination): Backlog => ({
  waitsSinceMs: lane.oldestWaitingUs === undefined ? undefined : Math.floor(lane.oldestWaitingUs / 1000),
  maxBacklogSeconds: settings.maxBacklogMs === undefined ? undefined : settings.maxBacklogMs / 1000,
});
