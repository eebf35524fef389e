import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Finding } from './finding.ts';
import { renderFindings } from './render-findings.ts';

const findingOf = (values: Partial<Finding>): Finding => ({
  kind: 'schema',
  severity: 'error',
  file: 'sluice.yaml',
  line: 1,
  column: 1,
  width: 1,
  path: 'state',
  message: 'expected text',
  suggestion: undefined,
  excerpt: 'state: 1',
  ...values,
});

describe('findings', () => {
  test('are coloured when asked for', () => {
    expect(renderFindings([findingOf({})], { color: true })).toBe(
      '\u001B[1msluice.yaml:1:1:\u001B[0m \u001B[31merror:\u001B[0m state: expected text\n' +
        '    1 | state: 1\n' +
        '      | \u001B[36m^\u001B[0m',
    );
  });

  test('show of a long line the part that matters', () => {
    const excerpt = `${'a'.repeat(500)}: here, ${'b'.repeat(500)}`;
    const [, line = '', carets = ''] = renderFindings([findingOf({ excerpt, column: 503, width: 4 })]).split('\n');
    expect(line).toHaveLength('    1 | '.length + 160);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('here');
  });

  test('let nothing through that a terminal obeys', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('\u001B', '\u009B', '\r', '\u0007', '\u202E', '\u2066', '[', '3', 'm', 'a'),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const finding = findingOf({ file: text, path: text, message: text, suggestion: text, excerpt: text });
        const rendered = renderFindings([finding]);
        expect(rendered.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
        expect(rendered.split('\n')).toHaveLength(3);
      }),
    );
  });
});
