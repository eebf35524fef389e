import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from './service-error.ts';

/** How far a signature's date may be off (AWS General Reference, "Signature Version 4"). */
const maxSkewMs = 5 * 60_000;
const credentialPattern =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([a-z0-9-]+)\/logs\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}$/;
const mustBeSigned = ['host', 'x-amz-date', 'x-amz-target'];

const parseDate = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/**
 * Checks that a call is signed as Signature Version 4 wants it, now, by keys that have not expired. The signature's value
 * is not recomputed.
 *
 * @returns the access key.
 */
export const checkSignature = (
  headers: IncomingHttpHeaders,
  expiredKeys: ReadonlySet<string>,
  nowMs: number,
): string => {
  const [, accessKey, day, , signedHeaders] = credentialPattern.exec(headers.authorization ?? '') ?? [];
  if (accessKey === undefined || signedHeaders === undefined) {
    throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  if (!mustBeSigned.every((name) => signedHeaders.split(';').includes(name))) {
    throw new ServiceError('IncompleteSignatureException', `SignedHeaders lacks one of ${mustBeSigned.join(', ')}`);
  }
  checkDate(String(headers['x-amz-date']), day, String(headers['x-amz-security-token']), nowMs);
  if (!expiredKeys.has(accessKey)) return accessKey;
  throw new ServiceError('ExpiredTokenException', 'The security token included in the request is expired');
};

const checkDate = (date: string, day: string | undefined, token: string, nowMs: number): void => {
  const skewMs = nowMs - parseDate(date);
  if (Math.abs(skewMs) <= maxSkewMs && day === date.slice(0, 8)) return;
  const problem = skewMs > 0 ? 'Signature expired' : 'Signature not yet current';
  throw new ServiceError(
    'InvalidSignatureException',
    `${problem}: ${date}\n\nThe Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:${token}'`,
  );
};
