import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page on a free port of this process, and what to close. */
export interface ServedPage {
  readonly url: string;
  readonly server: Server;
}

/** Serves a page; by default one that answers at once, as soon as its process is let to. */
export const servePage = async (
  listener: RequestListener = (_request, response) => void response.end(),
): Promise<ServedPage> => {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
};
