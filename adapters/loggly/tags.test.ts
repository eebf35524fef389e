import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileTemplate } from '#sdk';
import { anyEvent, eventOf } from '../../test/support/events.ts';
import { renderTags, sanitizeTag } from './tags.ts';

const templates = (...texts: readonly string[]) => texts.map((text) => compileTemplate(text));

describe('a tag', () => {
  test.each([
    ['billing', 'billing'],
    ['web/api v2', 'web-api-v2'],
    ['..hidden', 'hidden'],
    ['a,b', 'a-b'],
    ['caf\u00e9', 'caf'],
    ['\u{1f600}', ''],
    ['x'.repeat(70), 'x'.repeat(64)],
    [`${'x'.repeat(63)}/y`, 'x'.repeat(63)],
  ])('made of %j is %j', (text, tag) => {
    expect(sanitizeTag(text)).toBe(tag);
  });
});

describe('the tags of an event', () => {
  test('are filled from it, each once, in the configured order', () => {
    const event = eventOf({ service: 'billing', stream: 'web 1' });
    expect(renderTags(templates('{{stream}}', 'prod', '{{service}}', 'web-1'), event)).toBe('web-1,prod,billing');
  });

  test('are never none', () => {
    expect(renderTags(templates('{{unit}}'), eventOf())).toBe('bulk');
    expect(renderTags([], eventOf())).toBe('bulk');
  });

  test('are safe in a URL whatever the names', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const tags = renderTags(templates('{{service}}', '{{stream}}', '{{host}}'), event);
        expect(tags).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}(?:,[A-Za-z0-9][A-Za-z0-9._-]{0,63})*$/);
      }),
    );
  });
});
