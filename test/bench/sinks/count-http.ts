import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { IdCounter } from './id-counter.ts';
import { serveCount } from './serve-count.ts';

// Takes every POST of NDJSON with "ok": the cheapest HTTP service that can tell what it got.
const counter = new IdCounter();
const server = createServer((request, response) => {
  void buffer(request).then((body) => {
    counter.addLines(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"response":"ok"}');
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
serveCount(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => counter.arrivals);
