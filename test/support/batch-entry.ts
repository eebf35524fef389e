import type { LogEvent } from '../../src/event/event.ts';
import type { BatchEntry } from '../../src/sdk/batch.ts';

/** An event's entry in a batch, as the lane would make it of what the adapter encoded. */
export const batchEntryOf = (
  { position, service, timeUs }: LogEvent,
  text: string,
  timeMs = Math.floor(timeUs / 1000),
): BatchEntry => ({ position, service, text, bytes: Buffer.byteLength(text), timeMs, isRestamped: false });
