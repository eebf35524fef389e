import { createInterface } from 'node:readline';
import { seededRandom } from '../bench/random.ts';
import { type NativeEntry, NativeJournalSocket } from '../rigs/journald/native-socket.ts';
import { containerEntries } from './container-entries.ts';
import { numberedLine } from './numbered-line.ts';

// Plays dockerd: `node dockerd.ts STARTED_MS` logs the containers' lines among the numbers of each range that it reads
// from standard input (`FROM TO`), and prints `done` after each. The kernel and so journald take it for dockerd.
process.title = 'dockerd';

const socket = new NativeJournalSocket('/run/systemd/journal/socket');
const startedMs = Number(process.argv[2]);
const random = seededRandom(startedMs);

/** By writer, in order. */
const queuesOf = (from: number, to: number): NativeEntry[][] => {
  const queues = new Map<string, NativeEntry[]>();
  for (let number = from; number < to; number += 1) {
    const line = numberedLine(number, startedMs);
    if (line.route !== 'container') continue;
    const queue = queues.get(line.writer) ?? [];
    queues.set(line.writer, queue);
    queue.push(...containerEntries(line));
  }
  return [...queues.values()];
};

/** Containers log at the same time: what one writes stays in order, and pieces of unlike lines come interleaved. */
const write = async (from: number, to: number): Promise<void> => {
  let queues = queuesOf(from, to);
  while (queues.length > 0) {
    const entry = queues[Math.floor(random() * queues.length)]?.shift();
    if (entry !== undefined) await socket.send(entry);
    queues = queues.filter((queue) => queue.length > 0);
  }
};

for await (const range of createInterface({ input: process.stdin })) {
  const [from = 0, to = 0] = range.split(' ').map(Number);
  await write(from, to);
  process.stdout.write('done\n');
}
socket.close();
