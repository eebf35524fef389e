import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../../test/support/findings-of.ts';

describe('a file that is no YAML', () => {
  test.each([
    [
      'a quote that is never closed',
      `labels:
  env: "prod
state: /var/lib/sluice
`,
      `sluice.yaml:2:8: error: this " is never closed
    2 |   env: "prod
      |        ^`,
    ],
    [
      'a bracket that is never closed',
      `routes:
  - to: [parcel
state: /var/lib/sluice
`,
      `sluice.yaml:2:9: error: this [ is never closed
    2 |   - to: [parcel
      |         ^`,
    ],
    [
      'something behind a quote',
      `labels:
  env: "prod" or so
`,
      `sluice.yaml:2:15: error: this does not belong here
    2 |   env: "prod" or so
      |               ^`,
    ],
    [
      'a tab',
      `labels:
	env: prod
`,
      `sluice.yaml:2:1: error: a tab indents this line; YAML wants spaces
    2 |  env: prod
      | ^`,
    ],
    [
      'a line too deep',
      `labels:
  env: prod
    region: here
`,
      `sluice.yaml:2:8: error: the line after this is indented deeper than it may be
    2 |   env: prod
      |        ^`,
    ],
    [
      'a key twice',
      `state: /a
labels: {}
state: /b
`,
      `sluice.yaml:3:1: error: state: "state" is here twice; first at sluice.yaml:1
    3 | state: /b
      | ^^^^^`,
    ],
    [
      'two documents',
      `state: /a
---
state: /b
`,
      `sluice.yaml:2:1: error: one file is one document: "---" may not begin another
    2 | ---
      | ^`,
    ],
    [
      'a list',
      `- parcel
`,
      `sluice.yaml:1:1: error: a configuration is a map: "sources:", "destinations:", "routes:" and so on
    1 | - parcel
      | ^^^^^^^^`,
    ],
    [
      'a sentence',
      `ship everything to parcel
`,
      `sluice.yaml:1:1: error: a configuration is a map: "sources:", "destinations:", "routes:" and so on
    1 | ship everything to parcel
      | ^^^^^^^^^^^^^^^^^^^^^^^^^`,
    ],
    [
      'an alias of itself',
      `labels: &all
  a: *all
`,
      `sluice.yaml:1:1: error: this holds too much: more than 100000 values, or more than 64 levels
    1 | labels: &all
      | ^`,
    ],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]
e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]
f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]
`,
      `sluice.yaml:1:1: error: this holds too much: more than 100000 values, or more than 64 levels
    1 | a: &a [x,x,x,x,x,x,x,x,x,x]
      | ^`,
    ],
    [
      'a map as a key',
      `? [state]
: /a
`,
      `sluice.yaml:1:3: error: this can be no key
    1 | ? [state]
      |   ^^^^^^^`,
    ],
    [
      '__proto__',
      `__proto__: { state: /a }
`,
      `sluice.yaml:1:1: error: __proto__: this can be no key
    1 | __proto__: { state: /a }
      | ^^^^^^^^^`,
    ],
    [
      'a control character',
      `st\u001B[31mate: /a
`,
      `sluice.yaml:1:1: error: st [31mate: unknown option "st [31mate"
    1 | st [31mate: /a
      | ^^^^^^^^^^ known: labels, state, memory, naming, cloud_identity, log, admin, sources, destinations, rules, routes`,
    ],
  ])('%s', async (_what, text, expected) => {
    expect(await findingsOf(text)).toBe(expected);
  });
});
