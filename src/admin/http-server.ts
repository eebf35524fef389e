import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { codeOf, messageOf } from '../platform/error.ts';
import type { AgentStatus } from '../pipeline/status.ts';
import { readinessOf } from './health.ts';
import { createMetrics } from './metrics.ts';

export interface AdminServer {
  /** `http://127.0.0.1:9797` */
  readonly url: string;
  /** May be called twice. */
  close(): Promise<void>;
}

export interface AdminServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly status: () => Promise<AgentStatus>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json',
  body: `${JSON.stringify(value, undefined, 2)}\n`,
});

const index =
  'sluice\n\n/healthz  is the process alive\n/readyz   is all read, delivered and remembered\n/metrics  for Prometheus\n';

/** Health and metrics over HTTP: nothing here changes anything, and nothing here shows a line. */
export const startAdminServer = async (options: AdminServerOptions): Promise<AdminServer> => {
  const renderMetrics = createMetrics();
  const answers: Readonly<Record<string, () => Promise<Answer>>> = {
    '/': () => Promise.resolve({ status: 200, type: 'text/plain', body: index }),
    '/healthz': () => Promise.resolve(json(200, { status: 'ok' })),
    '/readyz': async () => {
      const status = await options.status();
      const readiness = readinessOf(status, options.now());
      const { destinations, denied } = status;
      return json(readiness.ready ? 200 : 503, { ...readiness, destinations, denied });
    },
    '/metrics': async () => ({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      body: await renderMetrics(await options.status(), options.now()),
    }),
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const give = Object.hasOwn(answers, path) ? answers[path] : undefined;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const { status, type, body } = !isRead
      ? json(405, { error: 'only GET' })
      : give === undefined
        ? json(404, { error: 'try /healthz, /readyz or /metrics' })
        : await give();
    response.writeHead(status, { 'content-type': type }).end(request.method === 'HEAD' ? undefined : body);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`${messageOf(error)}\n`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  // An idle scraper's connection must not keep the process alive.
  server.unref();
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Why the server could not listen, for people. */
export const describeListenError = (error: unknown, host: string, port: number): string =>
  codeOf(error) === 'EADDRINUSE'
    ? `${host}:${port} is in use by another program; change "admin: { listen: ... }"`
    : `can't listen on ${host}:${port}: ${messageOf(error)}`;
