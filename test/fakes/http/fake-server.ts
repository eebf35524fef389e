import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { fileURLToPath } from 'node:url';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { FakeRequest, FakeVerdict, ReceivedEvent } from './exchange.ts';
import { quickFaults, type Fault } from './fault.ts';
import { misbehave, writeAnswer } from './misbehave.ts';

/** Random misbehaviour from a source that the test seeds. */
export interface Chaos {
  /** As `Math.random`. */
  readonly random: () => number;
  /** Share of requests that go wrong, 0 to 1. */
  readonly rate: number;
  /** What may happen; default {@link quickFaults}. */
  readonly faults?: readonly Fault[];
}

/** A real server on 127.0.0.1 that plays a service and can fail in every way that a network and a service can. */
export interface FakeServer {
  /** Scheme, host and port. */
  readonly url: string;
  /** Everything the service took, in the order in which it did, repetitions included. */
  readonly received: readonly ReceivedEvent[];
  /** Requests that came in, whatever became of them. */
  readonly requests: number;
  /** How many of `received` came in requests whose sender did not get the answer, so that it has to send them again. */
  readonly unanswered: number;
  /** Makes the next `times` requests go wrong, after those already told to. */
  failNext(fault: Fault, times?: number): void;
  /** Makes requests go wrong at random from now on; undefined: no more. Faults from `failNext` come first. */
  chaos(chaos: Chaos | undefined): void;
  /** Resolves as soon as `count` requests have come in. */
  waitForRequests(count: number): Promise<void>;
  /** Breaks all connections. May be called twice. */
  close(): Promise<void>;
}

/** PEM file of the certificate that TLS fakes show; trusted by whoever is given it as `ca_file`, and by nobody else. */
export const untrustedCertificateFile = fileURLToPath(new URL('untrusted-cert.pem', import.meta.url));

const openServer = (tls: boolean): Server =>
  tls
    ? createTlsServer({
        cert: readFileSync(untrustedCertificateFile),
        key: readFileSync(new URL('untrusted-key.pem', import.meta.url)),
      })
    : createServer();

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
};

const bodyOf = async (message: IncomingMessage): Promise<Buffer> => {
  const body = await buffer(message);
  return message.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
};

const read = async (message: IncomingMessage, origin: string): Promise<FakeRequest> => ({
  method: message.method ?? '',
  url: new URL(message.url ?? '/', origin),
  headers: message.headers,
  body: await bodyOf(message),
});

/** A URL on 127.0.0.1 where nobody listens. */
export const closedPortUrl = async (): Promise<string> => {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
};

/** Plays the faults told in advance, then those that chaos draws. */
class FaultPlan {
  readonly #queue: Fault[] = [];
  #chaos: Chaos | undefined;

  add(fault: Fault, times: number): void {
    for (let i = 0; i < times; i += 1) this.#queue.push(fault);
  }

  set chaos(chaos: Chaos | undefined) {
    this.#chaos = chaos;
  }

  next(): Fault | undefined {
    const told = this.#queue.shift();
    if (told !== undefined || this.#chaos === undefined) return told;
    const { random, rate, faults = quickFaults } = this.#chaos;
    return random() < rate ? faults[Math.floor(random() * faults.length)] : undefined;
  }
}

type Judge = (request: FakeRequest) => FakeVerdict;

/** Who decides which events are taken; nobody when the fault comes before. */
const judgeOf = (fault: Fault | undefined, serve: Judge): Judge | undefined => {
  if (fault === undefined || fault.kind.startsWith('accept')) return serve;
  return fault.kind === 'instead' ? (request) => fault.serve(request) ?? serve(request) : undefined;
};

/** Starts a fake whose sound behaviour is `serve`: strict about everything that the service documents. */
export const startFakeServer = async (
  serve: Judge,
  { tls = false }: { readonly tls?: boolean } = {},
): Promise<FakeServer> => {
  const server = openServer(tls);
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${await listen(server)}`;
  const received: ReceivedEvent[] = [];
  const faults = new FaultPlan();
  let requests = 0;
  let unanswered = 0;
  const waiting = new Set<() => void>();

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await read(message, url);
    const fault = faults.next();
    const verdict = judgeOf(fault, serve)?.(request);
    const taken = verdict?.accepted ?? [];
    received.push(...taken);
    // Whoever is gone by now gets no answer either.
    if (fault?.kind.startsWith('accept') === true || response.closed) unanswered += taken.length;
    else
      response.once('close', () => {
        if (!response.writableFinished) unanswered += taken.length;
      });
    if (fault !== undefined && fault.kind !== 'instead') misbehave(fault, response);
    else if (verdict !== undefined) writeAnswer(response, verdict.answer);
    requests += 1;
    for (const check of waiting) check();
  };
  server.on('request', (message, response) => {
    handle(message, response).catch((error: unknown) => response.destroy(error as Error));
  });

  return {
    url,
    received,
    get requests() {
      return requests;
    },
    get unanswered() {
      return unanswered;
    },
    failNext: (fault, times = 1) => {
      faults.add(fault, times);
    },
    chaos: (chaos) => {
      faults.chaos = chaos;
    },
    waitForRequests: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (requests < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
