import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { hostileNames } from '../../test/support/events.ts';
import { toHostname, toName } from './names.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...hostileNames),
  fc.stringMatching(/^[.a-]{0,120}$/),
);

describe('a name', () => {
  test.each([
    ['billing', 'billing'],
    ['two\nlines', 'two lines'],
    ['\u001b[31mred', '[31mred'],
    [`${'x'.repeat(79)}\u{1f600}`, 'x'.repeat(79)],
    [' \u0000 ', ''],
  ])('made of %j is %j', (text, name) => {
    expect(toName(text)).toBe(name);
  });

  test('has one line and at most 80 characters, whatever it is made of', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const name = toName(text);
        expect(name.length).toBeLessThanOrEqual(80);
        expect(name).not.toMatch(/\p{C}/u);
      }),
    );
  });
});

describe('a host name', () => {
  test.each([
    ['ip-10-0-0-1.eu-west-1.compute.internal', 'ip-10-0-0-1.eu-west-1.compute.internal'],
    ['my_host', 'my-host'],
    ['-a-.-b-', 'a.b'],
    ['../../etc', 'etc'],
    ['', ''],
  ])('made of %j is %j', (text, hostname) => {
    expect(toHostname(text)).toBe(hostname);
  });

  test('is one that a resolver would take, or none, whatever it is made of', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const hostname = toHostname(text);
        expect(hostname.length).toBeLessThanOrEqual(80);
        for (const label of hostname === '' ? [] : hostname.split('.')) {
          expect(label).toMatch(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/);
        }
      }),
    );
  });
});
