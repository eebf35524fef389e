import { z } from 'zod';
import { codeOf, parseRetryAfter } from '#sdk';
import { isKnownName, kindOf, type FailureKind } from './failure-kind.ts';

/** A failed call, understood. */
export interface Failure {
  readonly kind: FailureKind;
  /** For people: the service's own words, on one line, without secrets. */
  readonly reason: string;
  readonly retryAfterMs?: number;
}

const noHeaders: Readonly<Record<string, string>> = {};

/** What of an SDK's error counts here. Anything can be thrown, and anything parses. */
const failureSchema = z
  .object({
    name: z.string().catch('Error'),
    message: z.string().catch(''),
    $metadata: z.object({ httpStatusCode: z.number().optional() }).catch({}),
    $response: z
      .object({ statusCode: z.number().optional(), headers: z.record(z.string(), z.string()).catch(noHeaders) })
      .catch({ headers: noHeaders }),
  })
  .catch({ name: 'Error', message: '', $metadata: {}, $response: { headers: noHeaders } });

const maxReasonLength = 300;

/** The service repeats in a signature error what it would have signed, session token included; that ends here. */
const withoutSecrets = (text: string): string => text.split(/The Canonical String|The String-to-Sign/)[0] ?? '';

const onOneLine = (text: string): string => {
  const line = withoutSecrets(text)
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return line.length <= maxReasonLength ? line : `${line.slice(0, maxReasonLength).toWellFormed()}...`;
};

const describe = (kind: FailureKind, name: string, text: string, status: number | undefined): string => {
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') return `no AWS credentials found: ${text}`;
  if (kind === 'unreachable' || kind === 'configuration') return text;
  if (name === 'SyntaxError') return `answered HTTP ${status ?? '?'} with something that is not JSON (a proxy?)`;
  const what = status === undefined || isKnownName(name) ? name : `HTTP ${status} ${name}`;
  return text === '' || text === name ? what : `${what}: ${text}`;
};

/** Says what an error of the SDK means. `nowMs` is for a `Retry-After` that is a date. */
export const parseFailure = (error: unknown, nowMs: number): Failure => {
  const { name, message, $metadata, $response } = failureSchema.parse(error);
  const status = $metadata.httpStatusCode ?? $response.statusCode;
  // A connection refused on all of a host's addresses has a code and no message.
  const text = onOneLine(message) || (codeOf(error) ?? name);
  const kind = kindOf(name, text, status);
  const retryAfterMs = parseRetryAfter($response.headers['retry-after'], nowMs);
  return {
    kind,
    reason: describe(kind, name, text, status),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
};
