import { createInterface } from 'node:readline';
import { z } from 'zod';
import { NativeJournalSocket } from './native-socket.ts';

// Plays dockerd: logs entries, each a line of JSON on standard input. The kernel and so journald take it for dockerd.
process.title = 'dockerd';

const entrySchema = z.record(z.string(), z.string());
const socket = new NativeJournalSocket('/run/systemd/journal/socket');
for await (const line of createInterface({ input: process.stdin })) {
  await socket.send(entrySchema.parse(JSON.parse(line)));
}
socket.close();
