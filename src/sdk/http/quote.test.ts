import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { quote } from './quote.ts';

describe('a quote', () => {
  test('is one line without control characters', () => {
    expect(quote(' bad\r\n\u001b[31mtoken\u0000 ', [])).toBe('bad [31mtoken');
  });

  test('is cut, and shows that it was', () => {
    expect(quote('x'.repeat(300), [])).toBe(`${'x'.repeat(200)}...`);
  });

  test('hides secrets as they are, in URLs and as basic credentials', () => {
    const basic = Buffer.from('a/b:').toString('base64');
    expect(quote(`no a/b, no a%2Fb, no ${basic}`, ['a/b'])).toBe('no [secret], no [secret], no [secret]');
  });

  test('hides nothing for want of a secret', () => {
    expect(quote('plain', [''])).toBe('plain');
  });

  test('never shows a secret, wherever it stands', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12,300}$/);
    fc.assert(
      fc.property(fc.array(fc.oneof(secret, fc.constant('SECRETSECRETSECRET')), { maxLength: 60 }), (words) => {
        expect(quote(words.join(' '), ['SECRETSECRETSECRET'])).not.toContain('SECRETSECRET');
      }),
    );
  });
});
