import { describe, expect, test } from '@jest/globals';
import { writeConfigFiles } from '../../test/support/config-files.ts';
import { testVocabulary } from '../../test/support/config-vocabulary.ts';
import { loadConfig } from './load.ts';
import { renderFindings } from './render-findings.ts';

/** What `validate` prints of one file. */
const findingsOf = async (text: string): Promise<string> => {
  await using folder = await writeConfigFiles({ 'sluice.yaml': text });
  const context = { ...testVocabulary, environment: { PRIVATE: 'classified' } };
  const { config, findings } = await loadConfig([`${folder.path}/sluice.yaml`], context);
  expect(config).toBeUndefined();
  return renderFindings(findings).replaceAll(`${folder.path}/`, '');
};

describe('a value that wants quotes', () => {
  test.each([
    [
      'a template',
      `destinations:
  parcel:
    token: hush-hush
    label: {{service}}
`,
      `sluice.yaml:4:12: error: "{{" begins a map in YAML; quote it
    4 |     label: {{service}}
      |            ^^^^^^^^^^^ write   label: "{{service}}"`,
    ],
    [
      'a template and more, and a comment',
      `destinations:
  parcel:
    token: hush-hush
    label: {{service}}/{{stream}} # both
`,
      `sluice.yaml:4:12: error: "{{" begins a map in YAML; quote it
    4 |     label: {{service}}/{{stream}} # both
      |            ^^^^^^^^^^^^^^^^^^^^^^ write   label: "{{service}}/{{stream}}" # both`,
    ],
    [
      'a template in a flow map',
      `destinations:
  parcel: { label: {{service}}, token: hush-hush }
`,
      `sluice.yaml:2:20: error: "{{" begins a map in YAML; quote it
    2 |   parcel: { label: {{service}}, token: ********* }
      |                    ^^^^^^^^^^^ write   parcel: { label: "{{service}}", token: ********* }`,
    ],
    [
      'text and a template in a flow map',
      `destinations:
  parcel: { label: from-{{service}} }
`,
      `sluice.yaml:2:20: error: "{" begins a map in YAML; quote it
    2 |   parcel: { label: from-{{service}} }
      |                    ^^^^^^^^^^^^^^^^ write   parcel: { label: "from-{{service}}" }`,
    ],
    [
      'a template in a list',
      `destinations:
  parcel:
    token: hush-hush
    tags:
      - {{service}}
`,
      `sluice.yaml:5:9: error: "{{" begins a map in YAML; quote it
    5 |       - {{service}}
      |         ^^^^^^^^^^^ write   - "{{service}}"`,
    ],
    [
      'a variable in a flow map',
      `destinations:
  parcel: { token: \${TOKEN} }
`,
      `sluice.yaml:2:20: error: "{" begins a map in YAML; quote it
    2 |   parcel: { token: \${TOKEN} }
      |                    ^^^^^^^^ write   parcel: { token: "\${TOKEN}" }`,
    ],
    [
      'a star',
      `routes:
  - match: { container: * }
    to: [parcel]
`,
      `sluice.yaml:2:25: error: "*" begins an alias in YAML; quote it
    2 |   - match: { container: * }
      |                         ^ write   - match: { container: "*" }`,
    ],
    [
      'a glob that begins with a star',
      `routes:
  - match:
      service: *-api
`,
      `sluice.yaml:3:16: error: "*" begins an alias in YAML; quote it
    3 |       service: *-api
      |                ^^^^^ write   service: "*-api"`,
    ],
    [
      'a level and worse',
      `routes:
  - match:
      level: >=warn
    to: [parcel]
`,
      `sluice.yaml:3:14: error: ">" begins a block of text in YAML; quote it
    3 |       level: >=warn
      |              ^^^^^^ write   level: ">=warn"`,
    ],
    [
      'a level and worse in a flow map',
      `routes:
  - match: { level: >=warn }
`,
      `sluice.yaml:2:21: error: ">" begins a block of text in YAML; quote it
    2 |   - match: { level: >=warn }
      |                     ^^^^^^ write   - match: { level: ">=warn" }`,
    ],
    [
      'a comparison',
      `routes:
  - match:
      data.status: >500
`,
      `sluice.yaml:3:20: error: ">" begins a block of text in YAML; quote it
    3 |       data.status: >500
      |                    ^^^^ write   data.status: ">500"`,
    ],
    [
      'a comparison that YAML takes for an empty block',
      `routes:
  - match:
      data.retries: >5
    stop: true
`,
      `sluice.yaml:3:21: error: ">" begins a block of text in YAML; quote it
    3 |       data.retries: >5
      |                     ^^ write   data.retries: ">5"`,
    ],
    [
      'a negation, and another on its line',
      `routes:
  - match: { service: !nginx, unit: !x }
`,
      `sluice.yaml:2:23: error: "!" begins a tag in YAML; quote it
    2 |   - match: { service: !nginx, unit: !x }
      |                       ^^^^^^ write   - match: { service: "!nginx", unit: !x }`,
    ],
    [
      'a percent sign',
      `destinations:
  parcel:
    token: hush-hush
    label: %{service}
`,
      `sluice.yaml:4:12: error: "%" begins a directive in YAML; quote it
    4 |     label: %{service}
      |            ^^^^^^^^^^ write   label: "%{service}"`,
    ],
    [
      'an at sign',
      `destinations:
  parcel:
    token: hush-hush
    label: @daily
`,
      `sluice.yaml:4:12: error: "@" and "\`" are reserved in YAML; quote it
    4 |     label: @daily
      |            ^^^^^^ write   label: "@daily"`,
    ],
    [
      'a back-tick',
      `destinations:
  parcel:
    token: hush-hush
    label: \`daily\`
`,
      `sluice.yaml:4:12: error: "@" and "\`" are reserved in YAML; quote it
    4 |     label: \`daily\`
      |            ^^^^^^^ write   label: "\`daily\`"`,
    ],
    [
      'a colon and a space',
      `destinations:
  parcel:
    token: hush-hush
    label: daily: parcels
`,
      `sluice.yaml:4:12: error: ": " begins a map in YAML; quote it
    4 |     label: daily: parcels
      |            ^^^^^^^^^^^^^^ write   label: "daily: parcels"`,
    ],
    [
      'quotes and backslashes in what wants quotes',
      `destinations:
  parcel:
    token: hush-hush
    label: @"a\\b" it's
`,
      `sluice.yaml:4:12: error: "@" and "\`" are reserved in YAML; quote it
    4 |     label: @"a\\b" it's
      |            ^^^^^^^^^^^ write   label: '@"a\\b" it''s'`,
    ],
    [
      'a secret, which it does not show',
      `destinations:
  parcel:
    token: @hush-hush
`,
      `sluice.yaml:3:12: error: "@" and "\`" are reserved in YAML; quote it
    3 |     token: **********
      |            ^^^^^^^^^^ write   token: "**********"`,
    ],
    [
      'a secret on its own line',
      `destinations:
  parcel:
    token:
      @hush-hush
`,
      `sluice.yaml:4:7: error: "@" and "\`" are reserved in YAML; quote it
    4 |       **********
      |       ^^^^^^^^^^ write   "**********"`,
    ],
  ])('%s', async (_what, text, expected) => {
    expect(await findingsOf(text)).toBe(expected);
  });
});

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
