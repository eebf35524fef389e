import { QueueRoom } from '../../src/dead-letters/queue-room.ts';
import { DeadLetterStore } from '../../src/dead-letters/store.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { eventOf } from './events.ts';
import { silentLogger } from './silent-logger.ts';

/** A program to be killed: writes dead letters without end, and says how many are written. Directory: its first argument. */
const [directory = ''] = process.argv.slice(2);
const room = new QueueRoom(16 * 1024 * 1024);
const limits = { maxBytes: 64 * 1024 * 1024, fieldNames: [], room, clock: systemClock, logger: silentLogger };
const store = await DeadLetterStore.open({ directory, destination: 'loggly', ...limits });
const before = store.summary.letters;

for (let written = before; ; written += 20) {
  for (let sequence = written; sequence < written + 20; sequence += 1)
    store.add({ event: eventOf({}, sequence), reason: 'rejected', answer: 'no', attempts: 1, key: 'billing' });
  // All that was asked for before is written.
  await store.remove([]);
  process.stdout.write(`${written + 20}\n`);
}
