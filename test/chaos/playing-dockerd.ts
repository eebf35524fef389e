import { createInterface } from 'node:readline';
import { z } from 'zod';
import { NativeJournalSocket } from '../rigs/journald/native-socket.ts';

// Plays dockerd: sends each list of entries that it reads from standard input, one JSON array a line, and prints `done`
// after each. The kernel, and so journald, takes it for dockerd.
process.title = 'dockerd';

const socket = new NativeJournalSocket('/run/systemd/journal/socket');
const entries = z.array(z.record(z.string(), z.string()));

for await (const line of createInterface({ input: process.stdin })) {
  for (const entry of entries.parse(JSON.parse(line))) await socket.send(entry);
  process.stdout.write('done\n');
}
socket.close();
