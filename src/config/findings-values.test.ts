import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../../test/support/findings-of.ts';

describe('a value of the wrong kind', () => {
  test.each([
    [
      'a secret that is missing',
      `destinations:
  parcel:
    speed: fast
`,
      `sluice.yaml:2:3: error: destinations.parcel.token: "token" is required
    2 |   parcel:
      |   ^^^^^^`,
    ],
    [
      'a secret with nothing behind its colon',
      `destinations:
  parcel:
    token:
    speed: fast
`,
      `sluice.yaml:3:5: error: destinations.parcel.token: "token" is required
    3 |     token:
      |     ^^^^^`,
    ],
    [
      'a secret as a list',
      `destinations:
  parcel:
    token: [hush-hush]
`,
      `sluice.yaml:3:12: error: destinations.parcel.token: expected text that is not empty, { file: ... } or { command: ... }
    3 |     token: [*********]
      |            ^^^^^^^^^^^`,
    ],
    [
      'a secret from a misspelled place',
      `destinations:
  parcel:
    token: { fil: /run/token }
`,
      `sluice.yaml:3:14: error: destinations.parcel.token.fil: unknown option "fil"
    3 |     token: { fil: ********** }
      |              ^^^ did you mean "file"?`,
    ],
    [
      'a size without a unit',
      `memory: 64
`,
      `sluice.yaml:1:9: error: memory: expected a size with its unit, as 512KiB, 64MiB or 1GB
    1 | memory: 64
      |         ^^`,
    ],
    [
      'a duration without a unit',
      `destinations:
  parcel:
    token: hush-hush
    retention: 30
`,
      `sluice.yaml:4:16: error: destinations.parcel.retention: expected a duration with its unit, as 250ms, 5s or 1h30m
    4 |     retention: 30
      |                ^^`,
    ],
    [
      'a number out of range',
      `destinations:
  parcel:
    token: hush-hush
    concurrency: 65
    copies: 0
    weight: -1
`,
      `sluice.yaml:4:18: error: destinations.parcel.concurrency: expected a whole number from 1 to 64
    4 |     concurrency: 65
      |                  ^^

sluice.yaml:5:13: error: destinations.parcel.copies: expected a whole number from 1 to 9
    5 |     copies: 0
      |             ^

sluice.yaml:6:13: error: destinations.parcel.weight: expected a number of at least 0
    6 |     weight: -1
      |             ^^`,
    ],
    [
      'a fraction',
      `destinations:
  parcel:
    token: hush-hush
    copies: 1.5
`,
      `sluice.yaml:4:13: error: destinations.parcel.copies: expected a whole number from 1 to 9
    4 |     copies: 1.5
      |             ^^^`,
    ],
    [
      'a word for a switch',
      `destinations:
  parcel:
    token: hush-hush
    fragile: perhaps
`,
      `sluice.yaml:4:14: error: destinations.parcel.fragile: expected true or false
    4 |     fragile: perhaps
      |              ^^^^^^^`,
    ],
    [
      'one of a few words',
      `destinations:
  parcel:
    token: hush-hush
    speed: fats
`,
      `sluice.yaml:4:12: error: destinations.parcel.speed: expected slow or fast
    4 |     speed: fats
      |            ^^^^ did you mean "fast"?`,
    ],
    [
      'something that is no URL',
      `destinations:
  parcel:
    token: hush-hush
    depot: nowhere
`,
      `sluice.yaml:4:12: error: destinations.parcel.depot: expected a URL, as https://example.com
    4 |     depot: nowhere
      |            ^^^^^^^`,
    ],
    [
      'text for a list',
      `destinations:
  parcel:
    token: hush-hush
    tags: blue
`,
      `sluice.yaml:4:11: error: destinations.parcel.tags: expected a list
    4 |     tags: blue
      |           ^^^^`,
    ],
    [
      'text for a map',
      `destinations:
  parcel:
    token: hush-hush
    address: here
`,
      `sluice.yaml:4:14: error: destinations.parcel.address: expected { street: ... }
    4 |     address: here
      |              ^^^^`,
    ],
    [
      'a list for text',
      `destinations:
  parcel:
    token: hush-hush
    label: [a]
`,
      `sluice.yaml:4:12: error: destinations.parcel.label: expected text
    4 |     label: [a]
      |            ^^^`,
    ],
    [
      'a batch larger than the service takes',
      `destinations:
  parcel:
    token: hush-hush
    batch: { max_bytes: 2MiB, max_events: 501 }
`,
      `sluice.yaml:4:25: error: destinations.parcel.batch.max_bytes: the service takes at most 1048576 bytes
    4 |     batch: { max_bytes: 2MiB, max_events: 501 }
      |                         ^^^^

sluice.yaml:4:43: error: destinations.parcel.batch.max_events: the service takes at most 500 events
    4 |     batch: { max_bytes: 2MiB, max_events: 501 }
      |                                           ^^^`,
    ],
    [
      'a batch that waits too long',
      `destinations:
  parcel:
    token: hush-hush
    batch: { max_age: 2h }
`,
      `sluice.yaml:4:23: error: destinations.parcel.batch.max_age: expected at most 1h
    4 |     batch: { max_age: 2h }
      |                       ^^`,
    ],
    [
      'a name that is no file name',
      `destinations:
  ../parcel: { type: shredder }
`,
      `sluice.yaml:2:3: error: destinations.../parcel: a destination's name becomes a file name: at most 63 of a-z, 0-9, ".", "_", "-", the first a letter or digit
    2 |   ../parcel: { type: shredder }
      |   ^^^^^^^^^`,
    ],
    [
      'an unknown field in a template',
      `destinations:
  parcel:
    token: hush-hush
    label: "{{data}}"
`,
      `sluice.yaml:4:12: error: destinations.parcel.label: {{data}} names no field; use service, stream, level, message, id, source, host, unit, identifier, container, image, task, cluster, region, account, instance, data.*, info.*, labels.* or a journal field in upper case
    4 |     label: "{{data}}"
      |            ^^^^^^^^^^`,
    ],
    [
      'a port alone',
      `admin: { listen: 9797 }
`,
      `sluice.yaml:1:18: error: admin.listen: expected an address and port, as 127.0.0.1:9797 or [::1]:9797
    1 | admin: { listen: 9797 }
      |                  ^^^^`,
    ],
    [
      'a malformed variable',
      `labels: { env: "\${1ST}", home: "\${HOME" }
`,
      `sluice.yaml:1:16: error: labels.env: expected \${NAME} or \${NAME:-default}
    1 | labels: { env: "\${1ST}", home: "\${HOME" }
      |                ^^^^^^^^ for the characters "\${" themselves write "$\${"

sluice.yaml:1:32: error: labels.home: expected \${NAME} or \${NAME:-default}
    1 | labels: { env: "\${1ST}", home: "\${HOME" }
      |                                ^^^^^^^^ for the characters "\${" themselves write "$\${"`,
    ],
    [
      'a list of destinations',
      `destinations: [parcel]
`,
      `sluice.yaml:1:15: error: destinations: expected a map: the name of each destination and its options
    1 | destinations: [parcel]
      |               ^^^^^^^^`,
    ],
    [
      'a destination that is a word',
      `destinations: { parcel: on }
`,
      `sluice.yaml:1:25: error: destinations.parcel: a destination is a map of options
    1 | destinations: { parcel: on }
      |                         ^^`,
    ],
    [
      'rules as a map',
      `rules: { min_level: info }
`,
      `sluice.yaml:1:8: error: rules: expected a list
    1 | rules: { min_level: info }
      |        ^^^^^^^^^^^^^^^^^^^`,
    ],
    [
      'a level from the environment, which it does not show',
      `rules: [{ min_level: "\${PRIVATE}" }]
`,
      `sluice.yaml:1:22: error: rules[0].min_level: "\${PRIVATE}" is no level (emerg, alert, crit, error, warn, notice, info, debug)
    1 | rules: [{ min_level: "\${PRIVATE}" }]
      |                      ^^^^^^^^^^^^`,
    ],
    [
      'a type from the environment, which it does not show',
      `destinations: { a: { type: "\${PRIVATE}" } }
`,
      `sluice.yaml:1:28: error: destinations.a.type: there is no type "\${PRIVATE}"
    1 | destinations: { a: { type: "\${PRIVATE}" } }
      |                            ^^^^^^^^^^^^ known: parcel, shredder`,
    ],
    [
      'a URL with a password, which it does not show',
      `destinations:
  parcel:
    token: hush-hush
    depo: https://me:hush-hush@example.com
`,
      `sluice.yaml:4:5: error: destinations.parcel.depo: unknown option "depo"
    4 |     depo: https://************@example.com
      |     ^^^^ did you mean "depot"?`,
    ],
    [
      'a secret of several lines, which it does not show',
      `destinations:
  parcel: { token: "hush
    hush", sped: fast }
`,
      `sluice.yaml:3:12: error: destinations.parcel.sped: unknown option "sped"
    3 |     *****, sped: fast }
      |            ^^^^ did you mean "speed"?`,
    ],
    [
      'a budget that does not hold the longest line',
      `memory: 3kB
destinations:
  shredder: {}
  other: { type: shredder }
`,
      `sluice.yaml:1:9: error: memory: too small for the longest line (max_message of the source) and this number of destinations: give it 1MiB or more, or lower max_message
    1 | memory: 3kB
      |         ^^^`,
    ],
    [
      'many things: all are told',
      `stat: /a
memory: lots
destinations:
  parcel:
    speed: fats
`,
      `sluice.yaml:1:1: error: stat: unknown option "stat"
    1 | stat: /a
      | ^^^^ did you mean "state"?

sluice.yaml:2:9: error: memory: expected a size with its unit, as 512KiB, 64MiB or 1GB
    2 | memory: lots
      |         ^^^^

sluice.yaml:4:3: error: destinations.parcel.token: "token" is required
    4 |   parcel:
      |   ^^^^^^

sluice.yaml:5:12: error: destinations.parcel.speed: expected slow or fast
    5 |     speed: fats
      |            ^^^^ did you mean "fast"?`,
    ],
  ])('%s', async (_what, text, expected) => {
    expect(await findingsOf(text)).toBe(expected);
  });
});
