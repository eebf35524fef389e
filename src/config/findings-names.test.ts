import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../../test/support/findings-of.ts';

describe('an unknown name', () => {
  test.each([
    [
      'at the top',
      `destinatons: {}
`,
      `sluice.yaml:1:1: error: destinatons: unknown option "destinatons"
    1 | destinatons: {}
      | ^^^^^^^^^^^ did you mean "destinations"?`,
    ],
    [
      'of a lane option',
      `destinations:
  parcel:
    token: hush-hush
    encodng: merged
`,
      `sluice.yaml:4:5: error: destinations.parcel.encodng: unknown option "encodng"
    4 |     encodng: merged
      |     ^^^^^^^ did you mean "encoding"?`,
    ],
    [
      'of an adapter option',
      `destinations:
  parcel:
    token: hush-hush
    spede: fast
`,
      `sluice.yaml:4:5: error: destinations.parcel.spede: unknown option "spede"
    4 |     spede: fast
      |     ^^^^^ did you mean "speed"?`,
    ],
    [
      'like none',
      `destinations:
  parcel:
    token: hush-hush
    batch: { colour: red }
`,
      `sluice.yaml:4:14: error: destinations.parcel.batch.colour: unknown option "colour"
    4 |     batch: { colour: red }
      |              ^^^^^^ known: max_age, max_bytes, max_events`,
    ],
    [
      'of a source',
      `sources: { jurnald: {} }
`,
      `sluice.yaml:1:12: error: sources.jurnald: unknown option "jurnald"
    1 | sources: { jurnald: {} }
      |            ^^^^^^^ did you mean "journald"?`,
    ],
    [
      'of a source option',
      `sources: { journald: { strat: now } }
`,
      `sluice.yaml:1:24: error: sources.journald.strat: unknown option "strat"
    1 | sources: { journald: { strat: now } }
      |                        ^^^^^ did you mean "start"?`,
    ],
    [
      'of a type',
      `destinations: { mail: { type: parcle, token: hush-hush } }
`,
      `sluice.yaml:1:31: error: destinations.mail.type: there is no type "parcle"
    1 | destinations: { mail: { type: parcle, token: ********* } }
      |                               ^^^^^^ did you mean "parcel"?`,
    ],
    [
      'of a destination without a type',
      `destinations: { parcel-two: { token: hush-hush } }
`,
      `sluice.yaml:1:17: error: destinations.parcel-two: "parcel-two" is no type; say with "type:" what it is
    1 | destinations: { parcel-two: { token: ********* } }
      |                 ^^^^^^^^^^ known: parcel, shredder`,
    ],
    [
      'of a destination in a route',
      `destinations:
  parcel:
    token: hush-hush
routes:
  - to: [parcel, parcle]
`,
      `sluice.yaml:5:18: error: routes[0].to[1]: no destination is called "parcle"
    5 |   - to: [parcel, parcle]
      |                  ^^^^^^ did you mean "parcel"?`,
    ],
    [
      'of a destination in a rule',
      `destinations:
  parcel:
    token: hush-hush
rules:
  - to: [nowhere]
    min_level: info
`,
      `sluice.yaml:5:10: error: rules[0].to[0]: no destination is called "nowhere"
    5 |   - to: [nowhere]
      |          ^^^^^^^ known: parcel`,
    ],
    [
      'of a field',
      `rules:
  - match: { servce: x }
    min_level: info
`,
      `sluice.yaml:2:22: error: rules[0].match.servce: "servce" names no field of an event; did you mean "service"?
    2 |   - match: { servce: x }
      |                      ^`,
    ],
    [
      'of a level',
      `rules:
  - min_level: inof
`,
      `sluice.yaml:2:16: error: rules[0].min_level: "inof" is no level (emerg, alert, crit, error, warn, notice, info, debug); did you mean "info"?
    2 |   - min_level: inof
      |                ^^^^`,
    ],
    [
      'that a required option was meant by',
      `destinations:
  parcel:
    token: hush-hush
    address: { stret: Main }
`,
      `sluice.yaml:4:16: error: destinations.parcel.address.stret: unknown option "stret"
    4 |     address: { stret: Main }
      |                ^^^^^ did you mean "street"?`,
    ],
  ])('%s', async (_what, text, expected) => {
    expect(await findingsOf(text)).toBe(expected);
  });
});
