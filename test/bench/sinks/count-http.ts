import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { IdCounter } from './id-counter.ts';
import { LineCounter } from './line-counter.ts';
import { serveCount } from './serve-count.ts';

// Takes every POST of NDJSON, compressed or not, with "ok": the cheapest HTTP service that can tell what it got. Events of
// `node count-http.ts lines` have no ids.
const counter = process.argv[2] === 'lines' ? new LineCounter() : new IdCounter();
const decompress = promisify(gunzip);

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const body = await buffer(request);
  return request.headers['content-encoding'] === 'gzip' ? await decompress(body) : body;
};

const server = createServer((request, response) => {
  void bodyOf(request).then((body) => {
    counter.addLines(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"response":"ok"}');
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
serveCount(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => counter.arrivals);
