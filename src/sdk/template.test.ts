import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { anyEvent, eventOf, fieldsOf } from '../../test/support/events.ts';
import { compileTemplate, template } from './template.ts';

const event = eventOf({
  service: 'billing',
  stream: 'billing-1',
  level: 'WARN',
  info: { host: 'host-1', pid: 702, labels: { env: 'prod' } },
  data: { status: 503, user: null, http: { method: 'POST' }, tags: ['a', 'b'] },
  fields: fieldsOf({ _TRANSPORT: 'journal' }),
});

describe('a template', () => {
  test.each([
    ['', ''],
    ['plain', 'plain'],
    ['{{service}}', 'billing'],
    ['/logs/{{ service }}/{{stream}}', '/logs/billing/billing-1'],
    ['{{level}}{{info.pid}}', 'WARN702'],
    ['{{labels.env}}-{{_TRANSPORT}}', 'prod-journal'],
    ['{{data.status}} {{data.http.method}}', '503 POST'],
    ['{{data.http}} {{data.tags}}', '{"method":"POST"} ["a","b"]'],
    ['a{{image}}b{{data.user}}c{{labels.none}}d{{data.http.method.length}}e', 'abcde'],
    ['{{data.__proto__}}{{data.constructor}}{{labels.toString}}', ''],
    ['}} {service} {', '}} {service} {'],
    ['line\n{{host}}', 'line\nhost-1'],
  ])('%j renders as %j', (text, rendered) => {
    expect(compileTemplate(text).render(event)).toBe(rendered);
  });

  test('does not expand what an event brings', () => {
    expect(compileTemplate('{{message}}').render(eventOf({ message: '{{service}} $& ${HOME}' }))).toBe(
      '{{service}} $& ${HOME}',
    );
  });

  test('renders any event as its parts, one after the other', () => {
    const literal = fc.string({ unit: 'binary' }).filter((text) => !/\{\{|\{$|^\}/.test(text));
    const place = fc.constantFrom('service', 'stream', 'message', 'level');
    fc.assert(
      fc.property(fc.array(fc.tuple(literal, place)), literal, anyEvent, (pairs, end, any) => {
        const text = `${pairs.map(([before, path]) => `${before}{{${path}}}`).join('')}${end}`;
        const expected = `${pairs.map(([before, path]) => `${before}${any[path]}`).join('')}${end}`;
        expect(compileTemplate(text).render(any)).toBe(expected);
      }),
    );
  });

  test('keeps its text and says which journal fields it reads', () => {
    const text = '{{_PID}}/{{service}}/{{SYSLOG_FACILITY}}/{{_PID}}';
    expect(compileTemplate(text)).toMatchObject({ text, fields: ['_PID', 'SYSLOG_FACILITY'] });
  });
});

describe('a template option', () => {
  test.each([
    ['{{sevice}}', /^\{\{sevice\}\} names no field; use service, stream, level/],
    ['{{}}', /^\{\{\}\} names no field/],
    ['{{data}}', /^\{\{data\}\} names no field/],
    ['{{data..x}}', /^\{\{data\.\.x\}\} names no field/],
    ['{{{service}}}', /^\{\{\{service\}\} names no field/],
    ['{{service}}-{{stream', /^"\{\{" without "\}\}" in "-\{\{stream"$/],
  ])('%j is refused, with its reason', (text, message) => {
    const issues = template().safeParse(text).error?.issues;
    expect(issues).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })]);
  });

  test('parses to a template', () => {
    expect(template().parse('{{service}}').render(event)).toBe('billing');
  });
});
