import { setTimeout as sleep } from 'node:timers/promises';
import { makeMessage } from '../bench/messages.ts';
import { hexDigits, seededRandom } from '../bench/random.ts';
import { NativeJournalSocket } from '../rigs/journald/native-socket.ts';
import type { PacedStream } from './stream.ts';

// Plays dockerd: `node paced-writer.ts STREAMS` (JSON) logs for all of them, evenly, until it is killed. Runs in the journal's
// namespace; the kernel and so journald takes it for dockerd.
process.title = 'dockerd';

const tickMs = 10;
const streams: readonly PacedStream[] = JSON.parse(process.argv[2] ?? '[]');
const socket = new NativeJournalSocket('/run/systemd/journal/socket');
const random = seededRandom(1);
const writers = streams.map(({ container, linesPerSecond }) => {
  const id = hexDigits(random, 64);
  return { container, linesPerSecond, id, sent: random() };
});
const startedMs = performance.now();

for (;;) {
  const seconds = (performance.now() - startedMs) / 1000;
  for (const writer of writers) {
    const { container, id } = writer;
    for (; writer.sent < writer.linesPerSecond * seconds; writer.sent += 1) {
      await socket.send({
        MESSAGE: makeMessage(random, Date.now()),
        PRIORITY: '6',
        CONTAINER_ID: id.slice(0, 12),
        CONTAINER_ID_FULL: id,
        CONTAINER_NAME: container,
        CONTAINER_TAG: id.slice(0, 12),
        SYSLOG_IDENTIFIER: id.slice(0, 12),
        IMAGE_NAME: `registry.example.com/${container}:1.4.2`,
      });
    }
  }
  await sleep(tickMs);
}
