import { Agent, request, type IncomingMessage } from 'node:http';

/** One request to a service of this host or of its hypervisor. */
export interface LocalRequest {
  readonly url: string;
  readonly method: 'GET' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  /** For the whole exchange, body included. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Such answers are small; a longer one comes from something else. */
const maxAnswerBytes = 65_536;

const respond = async ({ url, method, headers, timeoutMs, signal }: LocalRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    // An agent of its own: the global one may lead through a proxy, and a link-local address must not.
    request(url, {
      method,
      headers: { ...headers },
      agent: new Agent({ keepAlive: false }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
      .on('response', resolve)
      .on('error', reject)
      .end();
  });

/**
 * The body of a 200 answer as text.
 *
 * @throws {Error} for any other answer, a longer body, no answer in time, or when the signal aborts.
 */
export const requestLocally = async (call: LocalRequest): Promise<string> => {
  const response = await respond(call);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(Buffer.from(chunk));
    bytes += chunks.at(-1)?.length ?? 0;
    if (bytes > maxAnswerBytes) throw new Error(`${call.url} answered with more than ${maxAnswerBytes} bytes`);
  }
  if (response.statusCode !== 200) throw new Error(`${call.url} answered with status ${response.statusCode}`);
  return Buffer.concat(chunks).toString('utf8');
};
