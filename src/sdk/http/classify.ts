import { STATUS_CODES } from 'node:http';
import { codeOf } from '../../platform/error.ts';
import type { SendResult } from '../send-result.ts';
import { quote } from './quote.ts';
import { parseRetryAfter } from './retry-after.ts';

/** What came back over HTTP, whatever the client. */
export interface HttpAnswer {
  readonly status: number;
  /** Of the header `content-type`; '' when there is none. */
  readonly contentType: string;
  /** Of the header `retry-after`. */
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** Who answered, and what must not show in what is said about it. */
export interface HttpPeer {
  /** Scheme, host and port; never a whole URL, which may hold a token. */
  readonly origin: string;
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch when the answer came. */
  readonly nowMs: number;
}

const networkProblems: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection before it answered',
  EPIPE: 'closed the connection before it answered',
  ETIMEDOUT: 'did not answer in time',
  ECONNABORTED: 'did not answer in time',
  ENOTFOUND: 'has a name that does not resolve',
  EAI_AGAIN: 'has a name that does not resolve at the moment',
  ENETUNREACH: 'is on an unreachable network',
  EHOSTUNREACH: 'is unreachable',
  EADDRNOTAVAIL: 'is out of reach: no local address or port is free',
  ERR_BAD_RESPONSE: 'broke off its answer or made it too long',
  ERR_CANCELED: 'was not waited for',
  ERR_PROXY_TUNNEL: 'is not let through by the proxy; check `proxy`',
  EPROTO: 'does not speak TLS as expected',
};

/** Names that OpenSSL and Node give to certificates they don't accept. */
const certificateCode = /CERT|^UNABLE_TO_|^HOSTNAME_MISMATCH$|^INVALID_CA$/;

const problemOf = (code: string): string => {
  const known = Object.hasOwn(networkProblems, code) ? networkProblems[code] : undefined;
  if (known !== undefined) return known;
  if (certificateCode.test(code))
    return 'has a certificate problem; check its certificate, `tls.ca_file` and this clock';
  if (code.startsWith('ERR_SSL_')) return 'does not speak TLS as expected';
  if (code.startsWith('HPE_')) return 'does not speak HTTP';
  if (code.startsWith('Z_')) return 'sent an answer that does not decompress';
  return 'could not be asked';
};

/**
 * What a request that got no answer means: nobody knows whether it arrived, so it is sent again. Made of the error's code
 * only, since messages and configurations of HTTP clients quote URLs.
 */
export const classifyRequestError = (error: unknown, origin: string): SendResult => {
  const code = codeOf(error) ?? (error instanceof Error ? error.name : 'unknown');
  return { status: 'retry', scope: 'destination', reason: `${origin} ${problemOf(code)} (${code})` };
};

/** True for a page meant for people: a proxy, a load balancer or a portal speaks, not the service. */
export const isHtml = ({ contentType, body }: HttpAnswer): boolean =>
  /\bhtml\b/i.test(contentType) || /^\s*</.test(body);

/** The body as JSON; undefined when it is none. */
export const parseJsonAnswer = ({ body }: HttpAnswer): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const remedyOf = (status: number): string => {
  if (status === 407) return '; check the credentials in `proxy`';
  if (status === 401 || status === 403) return '; check the credentials and their rights';
  if (status === 404 || status === 405) return '; check `endpoint`';
  if (status === 415) return '; check `compression`';
  return status >= 300 && status < 400 ? '; redirects are not followed, check `endpoint`' : '';
};

/** `https://host answered 403 Forbidden: "bad token"; check the credentials and their rights`. */
export const describeAnswer = (answer: HttpAnswer, peer: HttpPeer): string => {
  const words = isHtml(answer) ? 'a page of HTML' : `"${quote(answer.body, peer.secrets)}"`;
  const said = answer.body === '' ? '' : `: ${words}`;
  const name = STATUS_CODES[answer.status];
  const status = name === undefined ? `${answer.status}` : `${answer.status} ${name}`;
  return `${peer.origin} answered ${status}${said}${remedyOf(answer.status)}`;
};

const askedToComeBack = new Set([408, 425, 429]);
/** Refusals of what was sent rather than of who sent it; believed only in words that may be the service's own. */
const contentRefused = new Set([400, 422]);

/**
 * What an answer means where the service has no rule of its own. A success that the adapter did not recognise is sent
 * again: a proxy's page is no receipt. An unknown 4xx keeps everything and asks for a person, since dropping can't be undone.
 */
export const classifyAnswer = (answer: HttpAnswer, peer: HttpPeer): SendResult => {
  const { status } = answer;
  const reason = describeAnswer(answer, peer);
  if (status === 413) return { status: 'split', reason };
  if (contentRefused.has(status) && answer.body !== '' && !isHtml(answer)) return { status: 'rejected', reason };
  const isRetried = askedToComeBack.has(status) || contentRefused.has(status);
  if (status >= 400 && status < 500 && !isRetried) return { status: 'denied', scope: 'destination', reason };
  const retryAfterMs = parseRetryAfter(answer.retryAfter, peer.nowMs);
  return { status: 'retry', scope: 'destination', reason, ...(retryAfterMs !== undefined && { retryAfterMs }) };
};
