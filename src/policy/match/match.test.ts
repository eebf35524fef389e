import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { z } from 'zod';
import { anyEvent, eventOf, fieldsOf as journalFields } from '../../../test/support/events.ts';
import type { LogEvent } from '../../event/event.ts';
import { levels } from '../../event/level.ts';
import { compileMatch, fieldsOf, type Match, matchSchema } from './match.ts';

const request = eventOf({
  level: 'WARN',
  service: 'billing-api',
  message: 'request took 1200 ms\nand failed',
  info: { host: 'host-1', unit: 'docker.service', container: 'billing-api-1', pid: 702, labels: { env: 'prod' } },
  data: { status: 503, path: '/pay', user: null, cached: false, tags: ['slow', 'paid'], http: { method: 'POST' } },
  fields: journalFields({ _TRANSPORT: 'journal', PRIORITY: '4' }),
});

const matches = (match: unknown, event: LogEvent = request): boolean => compileMatch(matchSchema.parse(match))(event);

const issuesOf = (match: unknown): readonly string[] =>
  (matchSchema.safeParse(match).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('a match', () => {
  test.each<Match>([
    {},
    { service: 'billing-*', level: 'warn' },
    { service: ['audit', 'billing-api'] },
    { message: '/took \\d{4} ms/' },
    { message: '/REQUEST/i' },
    { source: 'journald', host: 'host-1' },
    { unit: 'docker.service', container: '*' },
    { _TRANSPORT: 'journal' },
    { PRIORITY: 4 },
    { PRIORITY: '<=4' },
    { 'labels.env': 'prod' },
    { 'info.pid': 702 },
    { 'data.status': 503 },
    { 'data.status': '5*' },
    { 'data.status': '>=500' },
    { 'data.status': '> 502.5' },
    { 'data.status': ['<300', '>=500'] },
    { 'data.cached': false },
    { 'data.cached': 'false' },
    { 'data.user': null },
    { 'data.tags': 'slow' },
    { 'data.http.method': 'P?ST' },
  ])('%j fits', (match) => {
    expect(matches(match)).toBe(true);
  });

  test.each<Match>([
    { service: 'billing-*', level: 'error' },
    { service: 'Billing-*' },
    { message: '/^took/' },
    { message: '/REQUEST/' },
    { source: 'kafka' },
    { 'data.status': 50 },
    { 'data.status': '>503' },
    { 'data.path': '>=500' },
    { 'data.cached': true },
    { 'data.tags': 'slo' },
    { 'data.http': '*' },
    { 'data.user': '*' },
    { 'data.toString': '*' },
    { 'data.http.method.length': '*' },
  ])('%j does not fit', (match) => {
    expect(matches(match)).toBe(false);
  });

  test('never fits where the field is missing, unless it is negated', () => {
    expect(matches({ image: '*' })).toBe(false);
    expect(matches({ image: '' })).toBe(false);
    expect(matches({ 'data.none': '<1' })).toBe(false);
    expect(matches({ 'data.none': null })).toBe(false);
    expect(matches({ image: '!nginx' })).toBe(true);
    expect(matches({ image: '!*' })).toBe(true);
    expect(matches({ container: '!*' })).toBe(false);
  });

  test('negates globs, regular expressions, comparisons and levels', () => {
    expect(matches({ service: '!billing-*' })).toBe(false);
    expect(matches({ service: '!audit' })).toBe(true);
    expect(matches({ message: '!/failed/' })).toBe(false);
    expect(matches({ 'data.status': '!>=500' })).toBe(false);
    expect(matches({ level: '!debug' })).toBe(true);
  });

  test('takes what a list negates out of what it names', () => {
    const match = { service: ['billing-*', '!*-test'] };
    expect(matches(match)).toBe(true);
    expect(matches(match, eventOf({ service: 'billing-test' }))).toBe(false);
    expect(matches(match, eventOf({ service: 'audit' }))).toBe(false);
    expect(matches({ service: ['!audit', '!billing-api'] })).toBe(false);
    expect(matches({ service: ['!audit', '!billing'] })).toBe(true);
  });

  test.each([
    ['warn', ['WARN']],
    ['WARNING', ['WARN']],
    ['err', ['ERROR']],
    ['critical', ['CRIT']],
    ['>=warn', ['EMERG', 'ALERT', 'CRIT', 'ERROR', 'WARN']],
    ['> warn', ['EMERG', 'ALERT', 'CRIT', 'ERROR']],
    ['<notice', ['INFO', 'DEBUG']],
    ['<=notice', ['NOTICE', 'INFO', 'DEBUG']],
    ['!>=info', ['DEBUG']],
    [
      ['debug', 'alert'],
      ['ALERT', 'DEBUG'],
    ],
  ])('level: %j means %j', (level, expected) => {
    const fits = compileMatch(matchSchema.parse({ level }));
    expect(levels.filter((candidate) => fits(eventOf({ level: candidate })))).toEqual(expected);
  });

  test('names the journal fields that it reads', () => {
    expect(fieldsOf({ service: 'x', SYSLOG_FACILITY: '4', 'data.UPPER': 1, _TRANSPORT: 'audit' })).toEqual([
      'SYSLOG_FACILITY',
      '_TRANSPORT',
    ]);
  });

  test('stays linear on a regular expression that would explode elsewhere', () => {
    expect(matches({ message: '/^(a+)+$/' }, eventOf({ message: `${'a'.repeat(100_000)}!` }))).toBe(false);
  });
});

describe('the schema of a match', () => {
  test.each([
    [{ sevice: 'x' }, 'sevice: "sevice" names no field of an event; did you mean "service"?'],
    [{ Level: 'warn' }, 'Level: "Level" names no field of an event; did you mean "level"?'],
    [{ data: 'x' }, 'data: "data" names no field of an event; write the whole path, as "data.name"'],
    [
      { _systemd_unit: 'x' },
      '_systemd_unit: "_systemd_unit" names no field of an event; journal fields are upper case: "_SYSTEMD_UNIT"',
    ],
    [
      { level: 'wran' },
      'level: "wran" is no level (emerg, alert, crit, error, warn, notice, info, debug); did you mean "warn"?',
    ],
    [{ level: 3 }, 'level: a level is a name, as "warn", or a comparison with one, as ">=warn" (at least as severe)'],
    [{ message: '/x/g' }, 'message: the only flag of a /regex/ is "i", not "g"; for others write (?s), (?m)'],
    [{ 'data.n': '>=many' }, 'data.n: after ">=" comes a number, not "many"; a text that begins so needs a /regex/'],
    [{ container: null }, 'container: only fields in data can be null; for a missing field write "!*"'],
    [
      { service: '!' },
      'service: after "!" comes what must not match, as "!nginx"; "!*" fits where the field is missing',
    ],
  ])('refuses %j and says what to do', (match, message) => {
    expect(issuesOf(match)).toEqual([message]);
  });

  test('places each of several findings, also within a list', () => {
    expect(issuesOf({ service: ['a', '/(/'], message: '/a(?=b)/' })).toEqual([
      'service.1: wrong /regex/ (RE2 syntax, without look-around and back-references): missing closing ): `(`',
      'message: wrong /regex/ (RE2 syntax, without look-around and back-references): invalid or unsupported Perl syntax: `(?=`',
    ]);
  });

  test.each([{ data: { status: 500 } }, { 'data.status': [] }, { service: [['a']] }])(
    'refuses the value in %j',
    (match) => {
      expect(issuesOf(match)).toHaveLength(1);
    },
  );

  test('becomes a JSON Schema that lists the fields', () => {
    expect(z.toJSONSchema(matchSchema, { io: 'input' })).toMatchObject({
      type: 'object',
      properties: { service: { description: expect.stringContaining('glob') }, level: {} },
      additionalProperties: { anyOf: expect.any(Array) },
    });
  });

  test('accepts nothing that fails to compile or to judge any event', () => {
    const key = fc.oneof(
      fc.constantFrom(
        'service',
        'level',
        'message',
        'data.a',
        'data.status',
        'labels.env',
        'info.pid',
        '_PID',
        'nonsense',
      ),
      fc.string(),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^!?[<>]?=?[a-z0-9.-]{0,5}$/),
      fc.stringMatching(/^!?\/[a-z()[\]{}*+?|^$.\\0-9]{1,12}\/i?$/),
      fc.constantFrom('>=warn', '!<error', 'debug', '*', '?', '!*'),
    );
    const operand = fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null));
    const match = fc.dictionary(key, fc.oneof(operand, fc.array(operand, { maxLength: 3 })), { maxKeys: 3 });
    let accepted = 0;
    fc.assert(
      fc.property(match, anyEvent, (input, event) => {
        const parsed = matchSchema.safeParse(input);
        if (!parsed.success) return;
        accepted += Object.keys(input).length === 0 ? 0 : 1;
        expect(typeof compileMatch(parsed.data)(event)).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
