import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { AxiosInstance, AxiosRequestConfig, AxiosResponse } from 'axios';
import type { Compression } from '../options/compression.ts';
import type { ConnectionOptions } from '../options/connection.ts';
import type { SendResult } from '../send-result.ts';
import { createHttpAgents } from './agents.ts';
import { classifyRequestError, type HttpAnswer } from './classify.ts';

/** One POST. The URL may hold a secret: it shows in no result. */
export interface HttpRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** An answer with any status, or what it means that there was none. */
export type HttpExchange = { readonly answer: HttpAnswer } | { readonly failure: SendResult };

/** One destination's HTTP, over connections that are kept alive. */
export interface HttpPoster {
  /** Posts once; settles when `signal` aborts or the configured `timeout` is over, and never throws. */
  post(request: HttpRequest, signal: AbortSignal): Promise<HttpExchange>;
  /** Closes idle connections. May be called twice. */
  close(): void;
}

/** Far above any answer of an ingest API (a verdict for each of 10,000 lines: 40 kB). */
const maxAnswerBytes = 1024 * 1024;

/** The higher levels save little more of lines that are alike, at several times the cost. */
const gzipLevel = 1;
const gzipAsync = promisify(gzip);

const textOr = <Other>(value: unknown, other: Other): string | Other => (typeof value === 'string' ? value : other);

const toAnswer = ({ status, headers, data }: AxiosResponse<unknown>): HttpAnswer => ({
  status,
  contentType: textOr(headers['content-type'], ''),
  retryAfter: textOr(headers['retry-after'], undefined),
  body: textOr(data, ''),
});

/**
 * Posts with axios as every destination needs it: certificates verified, redirects not followed (they would carry tokens
 * elsewhere), answers bounded, any status returned.
 *
 * @param options with `compression` where the service takes compressed bodies.
 * @throws {Error} when a certificate file can't be read.
 */
export const createHttpPoster = (
  client: Pick<AxiosInstance, 'request'>,
  options: ConnectionOptions & { readonly compression?: Compression },
  environment: Readonly<Record<string, string | undefined>>,
): HttpPoster => {
  const agents = createHttpAgents(options, environment);
  // No `proxy`: axios leaves proxies to agents that know of them, but given `false` it puts such agents aside.
  const fixed: AxiosRequestConfig = {
    method: 'POST',
    httpAgent: agents.httpAgent,
    httpsAgent: agents.httpsAgent,
    maxRedirects: 0,
    maxBodyLength: Infinity,
    maxContentLength: maxAnswerBytes,
    responseType: 'text',
    transformRequest: (body: unknown) => body,
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
  };
  const isCompressed = options.compression === 'gzip';
  const post = async ({ url, headers, body }: HttpRequest, signal: AbortSignal): Promise<HttpExchange> => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const data = isCompressed ? await gzipAsync(bytes, { level: gzipLevel }) : bytes;
    // Not axios's own timeout: it never ends a body that trickles in, nor an answer of "101 Switching Protocols".
    const deadline = AbortSignal.timeout(options.timeout);
    try {
      const response = await client.request<unknown>({
        ...fixed,
        url: url.href,
        headers: { ...headers, 'user-agent': 'sluice', ...(isCompressed && { 'content-encoding': 'gzip' }) },
        data,
        signal: AbortSignal.any([signal, deadline]),
      });
      return { answer: toAnswer(response) };
    } catch (error) {
      if (!deadline.aborted) return { failure: classifyRequestError(error, url.origin) };
      const reason = `${url.origin} did not answer within ${options.timeout} ms`;
      return { failure: { status: 'retry', scope: 'destination', reason } };
    }
  };
  return {
    post,
    close: () => {
      agents.close();
    },
  };
};
