import { describe, expect, test } from '@jest/globals';
import { classifyAnswer, classifyRequestError, isHtml, parseJsonAnswer, type HttpAnswer } from './classify.ts';

const origin = 'https://logs.example.com';
const peer = { origin, secrets: ['s3cret'], nowMs: 0 };
const answer = (status: number, overrides: Partial<HttpAnswer> = {}): HttpAnswer => ({
  status,
  contentType: 'application/json',
  retryAfter: undefined,
  body: '',
  ...overrides,
});
const failure = (code: string) => Object.assign(new Error(`secret URL /token/s3cret ${code}`), { code });

describe('a request without an answer', () => {
  test.each([
    ['ECONNREFUSED', 'refused the connection'],
    ['ECONNRESET', 'closed the connection'],
    ['ETIMEDOUT', 'did not answer in time'],
    ['ENOTFOUND', 'does not resolve'],
    ['EHOSTUNREACH', 'unreachable'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate problem'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate problem'],
    ['CERT_HAS_EXPIRED', 'certificate problem'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate problem'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS'],
    ['HPE_INVALID_CONSTANT', 'does not speak HTTP'],
    ['Z_DATA_ERROR', 'does not decompress'],
    ['ERR_PROXY_TUNNEL', 'not let through by the proxy'],
    ['ERR_SOMETHING_NEW', 'could not be asked'],
    ['constructor', 'could not be asked'],
  ])('because of %s is sent again, saying that the server %s', (code, words) => {
    const result = classifyRequestError(failure(code), origin);
    expect(result).toMatchObject({ status: 'retry', scope: 'destination' });
    expect(result).toHaveProperty('reason', expect.stringContaining(words));
    expect(result).toHaveProperty('reason', expect.stringMatching(new RegExp(`^${origin} .*\\(${code}\\)$`)));
  });

  test.each([new TypeError('s3cret'), 's3cret', undefined])(
    'says nothing of what was thrown but its kind: %s',
    (thrown) => {
      expect(JSON.stringify(classifyRequestError(thrown, origin))).not.toContain('s3cret');
    },
  );
});

describe('an answer without a rule of its own', () => {
  test.each([
    [100, 'retry'],
    [200, 'retry'],
    [204, 'retry'],
    [302, 'retry'],
    [400, 'retry'],
    [401, 'denied'],
    [402, 'denied'],
    [403, 'denied'],
    [404, 'denied'],
    [407, 'denied'],
    [408, 'retry'],
    [413, 'split'],
    [418, 'denied'],
    [422, 'retry'],
    [425, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
    [999, 'retry'],
  ])('and without words, of %d, is %s', (status, expected) => {
    expect(classifyAnswer(answer(status), peer)).toMatchObject({ status: expected });
  });

  test('quotes the service without its secrets and says what to do', () => {
    expect(classifyAnswer(answer(403, { body: 'token s3cret is unknown' }), peer)).toEqual({
      status: 'denied',
      scope: 'destination',
      reason: `${origin} answered 403 Forbidden: "token [secret] is unknown"; check the credentials and their rights`,
    });
  });

  test.each([400, 422])('of %d with words refuses the events', (status) => {
    expect(classifyAnswer(answer(status, { body: '{"error":"bad line"}' }), peer)).toMatchObject({
      status: 'rejected',
    });
  });

  test.each([400, 422])('of %d is no verdict on the events when a proxy gives it', (status) => {
    const page = answer(status, { contentType: 'text/html; charset=utf-8', body: '<html>' });
    expect(classifyAnswer(page, peer)).toMatchObject({
      status: 'retry',
      reason: expect.stringContaining('a page of HTML'),
    });
  });

  test('is asked again no sooner than it wants', () => {
    expect(classifyAnswer(answer(429, { retryAfter: '3' }), peer)).toMatchObject({ retryAfterMs: 3000 });
    expect(classifyAnswer(answer(429, { retryAfter: 'soon' }), peer)).not.toHaveProperty('retryAfterMs');
  });
});

describe('a body', () => {
  test('is HTML by its type or by its look', () => {
    expect(isHtml(answer(200, { contentType: 'text/html', body: 'Welcome' }))).toBe(true);
    expect(isHtml(answer(200, { body: '\n <!DOCTYPE html>' }))).toBe(true);
    expect(isHtml(answer(200, { body: '{"html":1}' }))).toBe(false);
  });

  test('is parsed as JSON, or is undefined', () => {
    expect(parseJsonAnswer(answer(200, { body: '{"a":1}' }))).toEqual({ a: 1 });
    expect(parseJsonAnswer(answer(200, { body: '{"a":' }))).toBeUndefined();
  });
});
