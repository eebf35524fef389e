import { hexDigits, pick } from './random.ts';

const methods = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'] as const;
const paths = ['/api/v1/orders', '/api/v1/customers', '/api/v2/cart/items', '/health', '/api/v1/invoices'] as const;
const statuses = [200, 200, 200, 200, 201, 204, 304, 404, 500] as const;
const levels = ['debug', 'info', 'info', 'info', 'warn', 'error'] as const;
const agents = ['curl/8.5.0', 'Go-http-client/2.0', 'okhttp/4.12.0', 'python-requests/2.32.3'] as const;

const upTo = (random: () => number, limit: number): number => Math.floor(random() * limit);

const jsonMessage = (random: () => number, timeMs: number): string =>
  JSON.stringify({
    time: new Date(timeMs).toISOString(),
    level: pick(random, levels),
    msg: `${pick(random, methods)} ${pick(random, paths)}/${upTo(random, 1e6)}`,
    status: pick(random, statuses),
    duration_ms: upTo(random, 2000),
    request_id: hexDigits(random, 16),
  });

const textMessage = (random: () => number, timeMs: number): string => {
  const address = `10.${upTo(random, 256)}.${upTo(random, 256)}.${upTo(random, 256)}`;
  const request = `${pick(random, methods)} ${pick(random, paths)}/${upTo(random, 1e6)}?page=${upTo(random, 100)} HTTP/1.1`;
  const time = new Date(timeMs).toISOString();
  const answer = `${pick(random, statuses)} ${upTo(random, 100_000)}`;
  return `${address} - - [${time}] "${request}" ${answer} "-" "${pick(random, agents)}" upstream=${upTo(random, 1000)}ms`;
};

/** A line as web services write it: half of them are JSON, the others access logs; 143 bytes on average. */
export const makeMessage = (random: () => number, timeMs: number): string =>
  random() < 0.5 ? jsonMessage(random, timeMs) : textMessage(random, timeMs);
