import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { OnceRoute, StreamRoute } from './control-routes.ts';
import { RequestError } from './request-error.ts';

/** What came back is not what this version knows. */
export class UnknownAnswerError extends Error {
  override readonly name = 'UnknownAnswerError';
}

/** Longer than the agent ever takes to look up the newest line of a journal. */
const answerTimeoutMs = 20_000;
const errorSchema = z.object({ error: z.string() });

const parseJson = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    throw new UnknownAnswerError('the agent answered with something that is no JSON');
  }
};

const parseAnswer = <Output extends z.ZodType>(output: Output, line: string): z.output<Output> => {
  const { success, data, error } = output.safeParse(parseJson(line));
  if (success) return data;
  throw new UnknownAnswerError(
    `the agent's answer is not understood (${z.prettifyError(error).replaceAll('\n', ' ')})`,
  );
};

const refusalIn = (line: string): string | undefined => errorSchema.safeParse(parseJson(line)).data?.error;

const toQuery = (input: object): string => {
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()}`;
};

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

/** Asks an agent over its control socket. Connection errors are thrown as Node has them (`ENOENT`, `EACCES`, ...). */
export class ControlClient {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /**
   * @throws {RequestError} when the agent refuses, with its reason.
   * @throws {UnknownAnswerError} when the answer has another form than this version knows.
   */
  async ask<Input extends z.ZodObject, Output extends z.ZodType>(
    route: OnceRoute<Input, Output>,
    input: z.input<Input>,
    signal: AbortSignal = AbortSignal.timeout(answerTimeoutMs),
  ): Promise<z.output<Output>> {
    const response = await this.#send(route.method, route.path, input, signal);
    const body = await text(response);
    await this.#check(response, () => Promise.resolve(body));
    return parseAnswer(route.output, body);
  }

  /** What is told, until `signal` aborts or the agent ends. Throws as {@link ControlClient.ask} does. */
  async *follow<Input extends z.ZodObject, Output extends z.ZodType>(
    route: StreamRoute<Input, Output>,
    input: z.input<Input>,
    signal: AbortSignal,
  ): AsyncGenerator<z.output<Output>> {
    const response = await this.#send(route.method, route.path, input, signal);
    await this.#check(response, () => text(response));
    for await (const line of linesOf(response)) {
      const refusal = refusalIn(line);
      if (refusal !== undefined) throw new RequestError(500, refusal);
      yield parseAnswer(route.output, line);
    }
  }

  async #send(method: 'GET' | 'POST', path: string, input: object, signal: AbortSignal): Promise<IncomingMessage> {
    const query = method === 'GET' ? toQuery(input) : '';
    const call = request({ socketPath: this.#socketPath, method, path: `${path}${query}`, signal, agent: false });
    call.end(method === 'POST' ? JSON.stringify(input) : undefined);
    const [response]: IncomingMessage[] = await once(call, 'response');
    if (response === undefined) throw new UnknownAnswerError('the agent did not answer');
    return response;
  }

  async #check({ statusCode = 0 }: IncomingMessage, body: () => Promise<string>): Promise<void> {
    if (statusCode === 200) return;
    const line = await body();
    throw new RequestError(statusCode, refusalIn(line) ?? `the agent answered ${statusCode}`);
  }
}
