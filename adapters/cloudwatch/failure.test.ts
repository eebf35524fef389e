import { describe, expect, test } from '@jest/globals';
import { parseFailure } from './failure.ts';

const errorOf = (name: string, message: string, more: object = {}) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 }, ...more });

const after = (header: string) =>
  parseFailure(errorOf('ThrottlingException', '', { $response: { headers: { 'retry-after': header } } }), 0);

describe('failures', () => {
  test.each([
    ['InvalidSignatureException', 'Signature expired: 20261122T000000Z is now earlier than ...', 'clock'],
    ['InvalidSignatureException', 'Signature not yet current: 2026...', 'clock'],
    ['SignatureDoesNotMatch', 'The request signature we calculated does not match', 'credentials'],
    ['AccessDeniedException', 'User: u is not authorized to perform: logs:PutLogEvents', 'credentials'],
    ['AccessDeniedException', '... on resource: arn:aws:logs:r:1:log-group:a:log-stream:b', 'forbidden'],
    ['AccessDeniedException', 'The ciphertext refers to a KMS key that ...', 'forbidden'],
    ['InvalidParameterException', 'Log event too large: 262592 bytes exceeds limit of 262144', 'too large'],
    ['InvalidParameterException', "Value 'x y' at 'logGroupName' failed to satisfy constraint", 'bad name'],
    ['InvalidParameterException', "Value '[...]' at 'logEvents' failed to satisfy constraint", 'invalid'],
    ['DataAlreadyAcceptedException', 'The given batch of log events has already been accepted.', 'duplicate'],
    ['InvalidSequenceTokenException', 'The next expected sequenceToken is: null', 'conflict'],
    ['BrandNewException', '?', 'unknown'],
  ])('%s "%s" is %s', (name, message, kind) => {
    expect(parseFailure(errorOf(name, message), 0).kind).toBe(kind);
  });

  test('a session token that the service repeats is not passed on', () => {
    const message = `The request signature we calculated does not match.\n\nThe Canonical String for this request should have been\n'POST\nx-amz-security-token:SECRET'`;
    const { reason } = parseFailure(errorOf('InvalidSignatureException', message), 0);
    expect(reason).toBe('InvalidSignatureException: The request signature we calculated does not match.');
  });

  test('a reason is one short line without control characters', () => {
    const { reason } = parseFailure(errorOf('InvalidParameterException', `\u001b[31m\n${'x'.repeat(5000)}`), 0);
    expect(reason).toMatch(/^[^\p{Cc}]{100,400}$/u);
  });

  test('a wait that the service asks for is passed on, as seconds or as a date', () => {
    expect(after('7').retryAfterMs).toBe(7000);
    expect(after('Thu, 01 Jan 1970 00:00:09 GMT').retryAfterMs).toBe(9000);
    expect(after('soon')).not.toHaveProperty('retryAfterMs');
  });

  test('a connection refused on all addresses, which has a code and no message, is told by its code', () => {
    const error = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(parseFailure(error, 0)).toEqual({ kind: 'unreachable', reason: 'ECONNREFUSED' });
  });

  test.each([undefined, null, 'text', 7, {}, { $metadata: 'x', $response: 7 }])(
    '%j is unreachable, not a crash',
    (thrown) => {
      expect(parseFailure(thrown, 0).kind).toBe('unreachable');
    },
  );
});
