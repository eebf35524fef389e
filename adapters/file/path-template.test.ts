import { basename, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { anyEvent, eventOf, hostileNames } from '../../test/support/events.ts';
import { compilePath } from './path-template.ts';

describe('compilePath', () => {
  test('fills fields of the event into the path', () => {
    const path = compilePath('/logs/{{host}}/{{service}}.ndjson');
    expect(path.render(eventOf({ service: 'billing' }))).toBe('/logs/host-1/billing.ndjson');
    expect(path.base).toBe('/logs');
  });

  test('takes a relative path from the working directory', () => {
    expect(compilePath('./.sluice/all.ndjson').render(eventOf())).toBe(resolve('.sluice/all.ndjson'));
  });

  test.each([
    ['/{{service}}.log', '/', '/billing.log'],
    ['/logs//{{service}}/./x', '/logs', '/logs/billing/x'],
    ['../{{service}}//x', resolve('..'), resolve('../billing/x')],
  ])('leaves nothing to normalize of %s', (text, base, rendered) => {
    const path = compilePath(text);
    expect([path.base, path.render(eventOf()), path.covers(rendered)]).toEqual([base, rendered, true]);
  });

  test('makes one name of a field with slashes', () => {
    const path = compilePath('/logs/{{service}}.ndjson');
    expect(path.render(eventOf({ service: '../../etc/passwd' }))).toBe('/logs/.._.._etc_passwd.ndjson');
  });

  test('never makes a name of dots or nothing alone', () => {
    const path = compilePath('/logs/{{service}}/x');
    const names = ['', '.', '..'].map((service) => path.render(eventOf({ service })));
    expect(names).toEqual(['/logs/_/x', '/logs/_./x', '/logs/_../x']);
  });

  test('keeps the ending of a name that it has to cut, and names that differ different', () => {
    const path = compilePath('/logs/{{service}}.ndjson');
    const [one, two] = ['1', '2'].map((end) => basename(path.render(eventOf({ service: 'x'.repeat(5000) + end }))));
    expect(one).toMatch(/^x+-[\da-f]{12}\.ndjson$/);
    expect(one).not.toBe(two);
  });

  test('a service that is named like a rotated file does not pass for one', () => {
    const path = compilePath('/logs/{{service}}');
    expect(path.render(eventOf({ service: 'web.20261122T115900.123Z' }))).toBe('/logs/web.20261122T115900.123Z_');
  });

  test('whatever an event says, the file lies in its folder under a name that the system takes', () => {
    const path = compilePath('/var/log/sluice/{{service}}/{{stream}}-{{data.file}}.ndjson');
    fc.assert(
      fc.property(anyEvent, fc.constantFrom(...hostileNames), (event, file) => {
        const rendered = path.render({ ...event, data: { file } });
        const names = relative('/var/log/sluice', rendered).split('/');
        expect(names).toHaveLength(2);
        expect(names).not.toContain('..');
        expect(names.every((name) => Buffer.byteLength(name) <= 225)).toBe(true);
        expect(rendered).not.toMatch(/\p{Cc}/u);
        expect(path.covers(rendered)).toBe(true);
      }),
    );
  });

  test('covers its own files and their rotated ones, and no others', () => {
    const path = compilePath('/logs/{{service}}.ndjson');
    const own = ['a.ndjson', 'a.ndjson.20261122T115900.123Z', 'a.ndjson.20261122T115900.123Z.gz'];
    const foreign = ['a.log', 'sub/a.ndjson', '../a.ndjson', 'a.ndjson.gz', 'a.ndjson.1'];
    expect(own.filter((name) => path.covers(`/logs/${name}`))).toEqual(own);
    expect(foreign.filter((name) => path.covers(`/logs/${name}`))).toEqual([]);
  });

  test.each([
    ['/logs/', 'is a folder'],
    ['{{service', 'without "}}"'],
    ['/logs/{{sevrice}}', 'names no field'],
    ['/logs/{{service}}/../x', 'only before the first'],
  ])('refuses %s', (text, message) => {
    expect(() => compilePath(text)).toThrow(message);
  });
});
