import { describe, expect, test } from '@jest/globals';
import { runTestFile } from '../../test/support/run-config-tests.ts';

const configuration = `
labels: { env: prod }
destinations:
  blackhole: {}
  loggly: { token: "\${LOGGLY_TOKEN}" }
  console: { enabled: false }
rules:
  - { name: no debug, min_level: info }
  - { match: { service: chatty }, to: [loggly], sample: 0 }
  - { match: { service: flood }, to: [loggly], rate_limit: { burst: 500, interval: 5s } }
routes:
  - { name: audit, match: { unit: auditd.service }, to: [blackhole], stop: true }
  - { to: [blackhole, loggly, console] }
`;

/** A message with a control character: journalctl prints bytes. */
const printed = { _COMM: 'dockerd', _TRANSPORT: 'journal', CONTAINER_NAME: 'shop-web-1', MESSAGE: [104, 105, 7] };
const timeUs = Date.UTC(2022, 9, 26, 15, 40) * 1000;
const cursor = `s=${'1'.repeat(32)};i=2a;b=${'2'.repeat(32)};m=3;t=${timeUs.toString(16)};x=4`;

const oneCase = (given: string): string => `cases:\n  - name: this\n${given.replaceAll(/^ */gm, '    ')}\n`;

describe('cases', () => {
  test.each([
    ['text of a unit', 'entry: { unit: nginx, message: hi }\nevent: { service: nginx, level: info, message: hi }'],
    ['a priority by its name', 'entry: { priority: err, message: hi }\nevent: { level: ERROR }'],
    ['a number where text is meant', 'entry: { message: 42, PRIORITY: 3 }\nevent: { level: err, message: 42 }'],
    ['a container', 'entry: { container: shop-web-1, message: hi }\nevent: { service: shop-web, stream: shop-web-1 }'],
    ['JSON', `entry: { message: '{"a":[1,{"b":null}],"c":2}' }\nevent: { data: { a: [1, { b: null }] } }`],
    [
      'an entry as journalctl prints it',
      `entry: ${JSON.stringify(printed)}\nevent: { service: shop-web, message: "hi\\a" }`,
    ],
    ['a member that must not be there', 'entry: { message: hi }\nevent: { data: null, info: { pid: null } }'],
    [
      'labels and what is shipped in info',
      'entry: { message: hi }\nevent: { info: { service: host, labels: { env: prod } } }',
    ],
    ['a time', 'entry: { message: hi, time: 2026-11-22T05:40:00.5Z }\nevent: { time: 2026-11-22T06:40:00.5+01:00 }'],
    ['the time of a cursor', `entry: { message: hi, __CURSOR: ${cursor} }\nevent: { time: 2022-10-26T15:40:00Z }`],
    ['rules and routes by index and name', 'entry: { message: hi }\nrules: [0]\nroutes: [1]'],
    ['in any order', 'entry: { SYSLOG_IDENTIFIER: x, unit: chatty }\nrules: [1, no debug]\nroutes: [1]'],
    [
      'rules and routes that stop early',
      'entry: { unit: auditd, priority: debug }\nrules: [no debug]\nroutes: [audit]',
    ],
    ['a destination without its secret', 'entry: { message: hi }\ndestinations: [loggly, blackhole]'],
    ['reasons', 'entry: { unit: chatty }\ndestinations: [blackhole]\ndropped: { loggly: sampled }'],
    ['the last of a burst', 'entry: { unit: flood }\nafter: 499\ndestinations: [blackhole, loggly]'],
    ['what is beyond a burst', 'entry: { unit: flood }\nafter: 500\nrules: [0, 2]\ndropped: { loggly: rate-limited }'],
    ['nothing delivered', 'entry: { priority: debug }\ndestinations: []\ndropped: { loggly: filtered by rule }'],
    [
      'a line that ends in mid-air',
      'entry: { message: a, _LINE_BREAK: line-max, _STREAM_ID: 1 }\nevent: { info: { incomplete: true } }',
    ],
    [
      'pieces',
      `entries: [{ message: a, _LINE_BREAK: line-max, _STREAM_ID: 1 }, { message: b, _STREAM_ID: 1 }]
       event: { message: ab, info: { incomplete: null } }`,
    ],
  ])('pass for %s', async (_, given) => {
    const { report, findings } = await runTestFile(configuration, oneCase(given));
    expect({ report, findings }).toEqual({ report: 'a.test.yaml\n  ok    this\n\n1 passed\n', findings: '' });
  });

  test('know nothing of the machine that they run on, nor of each other', async () => {
    const names = Array.from({ length: 1100 }, (_, index) => `service-${index}`);
    const cases = names.map((name) => ({ name, entry: { unit: name }, event: { service: name, stream: 'localhost' } }));
    const { results } = await runTestFile(configuration, JSON.stringify({ cases }));
    expect(results.flatMap(({ mismatches }) => mismatches)).toEqual([]);
  });

  test('say what they expected and got, and where that is written', async () => {
    const { report } = await runTestFile(
      configuration,
      `cases:
  - name: "all is wrong \\e[31m"
    entry: { unit: auditd, message: '{"status":200,"list":[1,2,3]}' }
    event:
      level: err
      data: { status: 201, list: [1, 2], user: { id: 7 } }
    rules: []
    routes: [0, 1]
    destinations: [loggly, console]
    dropped: { console: not routed, blackhole: sampled }
  - name: all is well
    entry: { message: hi }
    routes: [1]
  - name: two lines
    entries: [{ message: a }, { message: b }]
    routes: [1]
`,
    );
    expect(report).toBe(`a.test.yaml
  FAIL  all is wrong  [31m
        a.test.yaml:5:14: event.level
          expected  "ERROR"
          got       "INFO"
        a.test.yaml:6:23: event.data.status
          expected  201
          got       200
        a.test.yaml:6:34: event.data.list
          expected  [1,2]
          got       [1,2,3]
        a.test.yaml:6:48: event.data.user
          expected  {"id":7}
          got       nothing
        a.test.yaml:7:12: rules
          expected  []
          got       ["no debug"]
        a.test.yaml:8:13: routes
          expected  ["audit",1]
          got       ["audit"]
        a.test.yaml:9:19: destinations
          expected  ["console","loggly"]
          got       ["blackhole"]
                    console: switched off
                    loggly: not routed
        a.test.yaml:10:25: dropped.console
          expected  "not routed"
          got       "switched off"
        a.test.yaml:10:48: dropped.blackhole
          expected  "sampled"
          got       "delivered"
  ok    all is well
  FAIL  two lines
        a.test.yaml:15:14: entries
          expected  "one event"
          got       "2 events"

1 passed, 2 failed
`);
  });

  test('show of long values the stretch that differs', async () => {
    const [expected, got] = [`${'x'.repeat(300)}a${'y'.repeat(300)}`, `${'x'.repeat(300)}b${'y'.repeat(300)}`];
    const { report } = await runTestFile(
      configuration,
      oneCase(`entry: { message: ${got} }\nevent: { message: ${expected} }`),
    );
    expect(report).toContain(`expected  ...${'x'.repeat(40)}a${'y'.repeat(119)}...\n`);
    expect(report).toContain(`got       ...${'x'.repeat(40)}b${'y'.repeat(119)}...\n`);
  });
});
