import type { DropReason } from '../event/drop-reason.ts';
import type { LogEvent } from '../event/event.ts';
import type { AcceptanceWindow } from '../sdk/batch.ts';

/** True when the service takes an event of this time now. */
export const isInside = (timeMs: number, window: AcceptanceWindow, nowMs: number): boolean =>
  timeMs >= nowMs - window.pastMs && timeMs <= nowMs + window.futureMs;

/** An event's own time, in milliseconds since the epoch. */
export const eventTimeMs = ({ timeUs }: LogEvent): number => Math.floor(timeUs / 1000);

/**
 * Milliseconds under which to send an event so that the service takes it, or the reason to drop it. Restamping prefers the
 * journal's time over now; the event's own time stays in its body.
 */
export const placeInWindow = (
  event: LogEvent,
  window: AcceptanceWindow | undefined,
  outside: 'restamp' | 'drop',
  nowMs: number,
): number | DropReason => {
  const timeMs = eventTimeMs(event);
  if (window === undefined) return timeMs;
  if (isInside(timeMs, window, nowMs)) return timeMs;
  if (outside === 'drop') return timeMs < nowMs ? 'too old' : 'too new';
  const receivedMs = Math.floor(event.position.receivedUs / 1000);
  return isInside(receivedMs, window, nowMs) ? receivedMs : nowMs;
};
