import { describe, expect, test } from '@jest/globals';
import { findingsOf } from '../../test/support/findings-of.ts';

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
