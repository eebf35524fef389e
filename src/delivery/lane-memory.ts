import type { LogEvent } from '../event/event.ts';
import { eventMemory } from '../sdk/event-memory.ts';

/** What is around a line when it is encoded. */
const envelopeBytes = 512;

/** Memory that an event is going to cost in a lane, in bytes, about and rather too much: how it is encoded is not known yet. */
export const laneMemory = (event: LogEvent): number => eventMemory(event) + envelopeBytes + event.bytes;
