import type { DropReason } from '../event/drop-reason.ts';
import type { LogEvent } from '../event/event.ts';
import type { AcceptanceWindow } from '../sdk/batch.ts';

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
  const timeMs = Math.floor(event.timeUs / 1000);
  if (window === undefined) return timeMs;
  const isInside = (ms: number): boolean => ms >= nowMs - window.pastMs && ms <= nowMs + window.futureMs;
  if (isInside(timeMs)) return timeMs;
  if (outside === 'drop') return timeMs < nowMs ? 'too old' : 'too new';
  const receivedMs = Math.floor(event.position.receivedUs / 1000);
  return isInside(receivedMs) ? receivedMs : nowMs;
};
