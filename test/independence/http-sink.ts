import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { TimedArrivals } from './arrivals.ts';
import { serveArrivals } from './sink-protocol.ts';

// A Loggly that takes everything: `node http-sink.ts [MICROSECONDS]`, which it needs for each line of a request.
const perLineMs = Number(process.argv[2] ?? 0) / 1000;
const arrivals = new TimedArrivals();
let isSilent = false;

/** `/bulk/TOKEN/tag/SERVICE/` */
const serviceOf = (url: string | undefined): string => url?.split('/')[4] ?? '';

const server = createServer((request, response) => {
  void buffer(request).then(async (body) => {
    if (isSilent) return;
    const lines = body.toString().trimEnd().split('\n');
    if (perLineMs > 0) await sleep(lines.length * perLineMs);
    const nowMs = Date.now();
    for (const line of lines) arrivals.add(serviceOf(request.url), line, nowMs);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"response":"ok"}');
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
serveArrivals(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrivals, (mood) => {
  isSilent = mood === 'silent';
});
