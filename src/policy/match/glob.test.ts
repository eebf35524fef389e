import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileGlob } from './glob.ts';

/** By the definition, without any thought of speed. */
const fitsByDefinition = (pattern: readonly string[], text: readonly string[]): boolean => {
  const [wanted, ...others] = pattern;
  if (wanted === undefined) return text.length === 0;
  if (wanted === '*') {
    return fitsByDefinition(others, text) || (text.length > 0 && fitsByDefinition(pattern, text.slice(1)));
  }
  return text.length > 0 && (wanted === '?' || wanted === text[0]) && fitsByDefinition(others, text.slice(1));
};

/** Few letters, so that patterns often fit; two that share their first UTF-16 unit. */
const letters = ['a', 'b', '\n', '\u{1f600}', '\u{1f601}'] as const;

describe('a glob', () => {
  test.each([
    ['billing-*', 'billing-api'],
    ['billing-*', 'billing-'],
    ['*.service', 'nginx.service'],
    ['*error*', 'an error\nof two lines'],
    ['ab*ba', 'abba'],
    ['web-?', 'web-1'],
    ['?', '\u{1f600}'],
    ['*?', 'x'],
    ['', ''],
    ['*', ''],
    ['a.b', 'a.b'],
    [String.raw`dev-disk\x2d*`, String.raw`dev-disk\x2dsda`],
  ])('%j fits %j', (pattern, text) => {
    expect(compileGlob(pattern)(text)).toBe(true);
  });

  test.each([
    ['billing-*', 'a-billing-api'],
    ['billing', 'Billing'],
    ['ab*ba', 'aba'],
    ['web-?', 'web-'],
    ['web-?', 'web-12'],
    ['??', '\u{1f600}'],
    ['', 'x'],
    ['a.b', 'axb'],
    ['[ab]', 'a'],
  ])('%j does not fit %j', (pattern, text) => {
    expect(compileGlob(pattern)(text)).toBe(false);
  });

  test('fits what its definition says', () => {
    const pattern = fc.array(fc.constantFrom('*', '?', ...letters), { maxLength: 8 });
    const text = fc.array(fc.constantFrom(...letters), { maxLength: 10 });
    fc.assert(
      fc.property(pattern, text, (patternLetters, textLetters) => {
        const fits = compileGlob(patternLetters.join(''))(textLetters.join(''));
        expect(fits).toBe(fitsByDefinition(patternLetters, textLetters));
      }),
      { numRuns: 3000 },
    );
  });

  test.each(['*a*a*a*a*a*a*a*a*a*b', '*?a*?a*?a*?a*?a*?a*?b'])('%s does not explode on a hostile text', (pattern) => {
    expect(compileGlob(pattern)('a'.repeat(1_000_000))).toBe(false);
  });
});
