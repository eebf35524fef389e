import { describe, expect, test } from '@jest/globals';
import { isSecretName, maskByNames, maskUrlCredentials } from './mask.ts';

describe('masking by names', () => {
  test.each([
    ['token: abc def', 'token: *** ***'],
    ['  api_key: "abc"', '  api_key: *****'],
    ['- password: abc # note', '- password: *** * ****'],
    ['a: { token: abc, b: 1 }', 'a: { token: **** ** * }'],
    ['a: [{ "secret": abc }]', 'a: [{ "secret": *** }]'],
    ['token: ${TOKEN}', 'token: ${TOKEN}'],
    ['token: ${TOKEN:-abc}', 'token: ************}'],
    ['token:\n  abc\n  def\nb: 1', 'token:\n  ***\n  ***\nb: 1'],
    ['  token: |\n    abc\n\n    def\n  b: 1', '  token: *\n    ***\n\n    ***\n  b: 1'],
    ['region: eu-west-1', 'region: eu-west-1'],
    ['depot: http://me:abc@x/', 'depot: http://******@x/'],
  ])('makes of %j %j', (text, masked) => {
    expect(maskByNames(text)).toBe(masked);
  });

  test.each([
    'token',
    'loggly_token',
    'key',
    'api_key',
    'apikey',
    'Password',
    'client-secret',
    'credentials',
    'tokne',
    'ky',
  ])('takes %s for a secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  test.each(['group', 'kms_key', 'key_file', 'keyboard', 'monkey'])('takes %s for none', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe('credentials of a URL', () => {
  test.each([
    ['https://me:abc@example.com/x', 'https://******@example.com/x'],
    ['https://example.com/@me', 'https://example.com/@me'],
    ['me@example.com', 'me@example.com'],
  ])('are hidden: %s', (text, masked) => {
    expect(maskUrlCredentials(text)).toBe(masked);
  });
});
