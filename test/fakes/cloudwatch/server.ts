import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { accessDenied, fail } from './fail.ts';
import { FaultPlan, type Chaos, type Fault } from './faults.ts';
import { Quotas } from './quotas.ts';
import type { RefusedEvent } from './put-log-events.ts';
import { ServiceError } from './service-error.ts';
import { checkSignature } from './signature.ts';
import { Store, type FakeGroup, type ReceivedEvent } from './store.ts';

const targetPrefix = 'Logs_20140328.';
const contentType = 'application/x-amz-json-1.1';
const anyGroup = z.looseObject({ logGroupName: z.string().catch('') }).catch({ logGroupName: '' });

interface FakeOptions {
  readonly chaos?: Chaos;
  /** The service's clock, milliseconds since the epoch. */
  readonly now?: () => number;
}

/** A strict CloudWatch Logs on 127.0.0.1: holds a client to every documented limit and fails in every documented way. */
export class FakeCloudwatch {
  /** Groups whose every call is denied. */
  readonly denied = new Set<string>();
  /** Access keys that have expired. */
  readonly expiredKeys = new Set<string>();
  /** Calls by operation, failed ones included. */
  readonly calls = new Map<string, number>();
  /** How many of `received` came in calls whose caller did not get the answer, so that it has to send them again. */
  unanswered = 0;
  /** Access keys that calls were signed with, in order of first use. */
  readonly accessKeys = new Set<string>();
  readonly #store: Store;
  readonly #plan: FaultPlan;
  readonly #quotas = new Quotas();
  readonly #now: () => number;
  readonly #server = createServer((request, response) => void this.#handle(request, response));

  private constructor({ chaos, now = Date.now }: FakeOptions) {
    this.#now = now;
    this.#store = new Store(now);
    this.#plan = new FaultPlan(chaos);
  }

  /** Starts one on a free port. */
  static async start(options: FakeOptions = {}): Promise<FakeCloudwatch> {
    const fake = new FakeCloudwatch(options);
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the fake is closed');
    return `http://127.0.0.1:${address.port}`;
  }

  /** What was accepted, in order. */
  get received(): readonly ReceivedEvent[] {
    return this.#store.received;
  }

  /** What it refused by ranges in its answers, in order. */
  get refused(): readonly RefusedEvent[] {
    return this.#store.refused;
  }

  get groups(): ReadonlyMap<string, FakeGroup> {
    return this.#store.groups;
  }

  get chaos(): Chaos | undefined {
    return this.#plan.chaos;
  }

  set chaos(chaos: Chaos | undefined) {
    this.#plan.chaos = chaos;
  }

  /** Makes the next calls of an operation fail; several plans are worked off in order. */
  failNext(fault: Fault, times = 1, operation = 'PutLogEvents'): void {
    this.#plan.failNext(fault, times, operation);
  }

  /** Makes a group and its streams exist. */
  addGroup(group: string, ...streams: readonly string[]): void {
    this.#store.createLogGroup({ logGroupName: group });
    for (const stream of streams) this.#store.createLogStream({ logGroupName: group, logStreamName: stream });
  }

  /** Deletes a group with its streams, as an operator might. */
  deleteGroup(group: string): void {
    this.#store.groups.delete(group);
  }

  /** Stops listening and drops open connections. May be called twice. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('date', new Date(this.#now()).toUTCString());
    response.setHeader('x-amzn-requestid', crypto.randomUUID());
    try {
      await this.#answer(request, response);
    } catch (error) {
      if (error instanceof ServiceError) answerError(response, error);
      else if (!request.destroyed) answerError(response, new ServiceError('InternalFailure', String(error), 500));
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const operation = operationOf(request);
    const body = await readJson(request);
    this.calls.set(operation, (this.calls.get(operation) ?? 0) + 1);
    this.accessKeys.add(checkSignature(request.headers, this.expiredKeys, this.#now()));
    const { logGroupName } = anyGroup.parse(body);
    if (this.denied.has(logGroupName)) throw accessDenied(operation, logGroupName);
    this.#quotas.count(operation, this.#now());
    const fault = this.#plan.next(operation);
    const before = this.received.length;
    if (fault === undefined) answerJson(response, this.#perform(operation, body));
    else this.#fail(fault, operation, logGroupName, body, response);
    const taken = this.received.length - before;
    // Whoever is gone by now gets no answer either.
    if (response.closed) this.unanswered += taken;
    else
      response.once('close', () => {
        if (!response.writableFinished) this.unanswered += taken;
      });
  }

  #fail(fault: Fault, operation: string, group: string, body: unknown, response: ServerResponse): void {
    if (typeof fault === 'object') return answerJson(response, this.#store.putLogEvents(body, fault.rejectedRanges));
    if (fault === 'rejected ranges') {
      return answerJson(response, this.#store.putLogEvents(body, { tooOldLogEventEndIndex: 1 }));
    }
    if (fault === 'accept then hang' || fault === 'accept then reset') this.#perform(operation, body);
    return fail(fault, operation, group, response);
  }

  #perform(operation: string, body: unknown): object {
    switch (operation) {
      case 'PutLogEvents':
        return this.#store.putLogEvents(body);
      case 'CreateLogGroup':
        return this.#store.createLogGroup(body);
      case 'CreateLogStream':
        return this.#store.createLogStream(body);
      case 'PutRetentionPolicy':
        return this.#store.putRetentionPolicy(body);
      default:
        throw new ServiceError('UnknownOperationException', `operation ${operation} is not known`);
    }
  }
}

const operationOf = (request: IncomingMessage): string => {
  const target = String(request.headers['x-amz-target']);
  const isCall = request.method === 'POST' && request.url === '/' && target.startsWith(targetPrefix);
  if (!isCall || request.headers['content-type'] !== contentType) {
    throw new ServiceError('UnknownOperationException', `not a call: ${request.method} ${request.url} ${target}`);
  }
  return target.slice(targetPrefix.length);
};

const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const bytes = await buffer(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ServiceError('SerializationException', `not JSON in UTF-8: ${String(error)}`);
  }
};

const answerJson = (response: ServerResponse, body: object): void => {
  response.writeHead(200, { 'content-type': contentType }).end(JSON.stringify(body));
};

const answerError = (response: ServerResponse, { type, message, status, headers }: ServiceError): void => {
  response
    .writeHead(status, { ...headers, 'content-type': contentType })
    .end(JSON.stringify({ __type: type, message }));
};
