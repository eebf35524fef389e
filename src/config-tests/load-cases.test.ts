import { describe, expect, test } from '@jest/globals';
import { runTestFile } from '../../test/support/run-config-tests.ts';

const configuration = `
destinations: { blackhole: {}, console: {} }
rules: [{ name: twice, min_level: info }, { name: twice, min_level: warn }, { name: once, sample: 1 }]
routes: [{ name: everything, to: [blackhole] }]
`;

const findingsOf = async (cases: string): Promise<string> => {
  const { results, findings } = await runTestFile(configuration, cases);
  if (findings !== '') return findings;
  throw new Error(`nothing is wrong with ${results.length} cases`);
};

describe('a file of test cases is refused', () => {
  test('for a name that is not in the configuration', async () => {
    expect(
      await findingsOf(`cases:
  - name: this
    entry: { message: hi }
    rules: [twice, onec, 3]
    routes: [evrything]
    destinations: [blackhole, consle]
    dropped: { blakhole: sampled }
`),
    ).toBe(`a.test.yaml:4:13: error: cases[0].rules[0]: 2 rules are called "twice"; write the index
    4 |     rules: [twice, onec, 3]
      |             ^^^^^

a.test.yaml:4:20: error: cases[0].rules[1]: no rule is called "onec"
    4 |     rules: [twice, onec, 3]
      |                    ^^^^ did you mean "once"?

a.test.yaml:4:26: error: cases[0].rules[2]: there is no rule 3; the last one is 2
    4 |     rules: [twice, onec, 3]
      |                          ^

a.test.yaml:5:14: error: cases[0].routes[0]: no route is called "evrything"
    5 |     routes: [evrything]
      |              ^^^^^^^^^ did you mean "everything"?

a.test.yaml:6:31: error: cases[0].destinations[1]: no destination is called "consle"
    6 |     destinations: [blackhole, consle]
      |                               ^^^^^^ did you mean "console"?

a.test.yaml:7:16: error: cases[0].dropped.blakhole: no destination is called "blakhole"
    7 |     dropped: { blakhole: sampled }
      |                ^^^^^^^^ did you mean "blackhole"?`);
  });

  test('for unknown keys, all at once, in the order in which they are written', async () => {
    expect(
      await findingsOf(`cases:
  - name: this
    entry: { mesage: hi, priority: lod, PRIORITY: {} }
    evnt: {}
  - entry: { message: hi }
    event: { levl: info, info: { contaner: x } }
    dropped: { blackhole: sampld }
`),
    ).toBe(`a.test.yaml:3:14: error: cases[0].entry.mesage: unknown option "mesage"
    3 |     entry: { mesage: hi, priority: lod, PRIORITY: {} }
      |              ^^^^^^ did you mean "message"?

a.test.yaml:3:36: error: cases[0].entry.priority: "lod" is no level (emerg, alert, crit, error, warn, notice, info, debug)
    3 |     entry: { mesage: hi, priority: lod, PRIORITY: {} }
      |                                    ^^^

a.test.yaml:3:51: error: cases[0].entry.PRIORITY: expected the text of a journal field, or a list of its values
    3 |     entry: { mesage: hi, priority: lod, PRIORITY: {} }
      |                                                   ^^

a.test.yaml:4:5: error: cases[0].evnt: unknown option "evnt"
    4 |     evnt: {}
      |     ^^^^ did you mean "event"?

a.test.yaml:5:5: error: cases[1].name: "name" is required
    5 |   - entry: { message: hi }
      |     ^^^^^^^^^^^^^^^^^^^^^^

a.test.yaml:6:14: error: cases[1].event.levl: unknown option "levl"
    6 |     event: { levl: info, info: { contaner: x } }
      |              ^^^^ did you mean "level"?

a.test.yaml:6:34: error: cases[1].event.info.contaner: unknown option "contaner"
    6 |     event: { levl: info, info: { contaner: x } }
      |                                  ^^^^^^^^ did you mean "container"?

a.test.yaml:7:27: error: cases[1].dropped.blackhole: expected filtered by rule, not routed, sampled or rate-limited
    7 |     dropped: { blackhole: sampld }
      |                           ^^^^^^ did you mean "sampled"?`);
  });

  test.each([
    ['entry: { message: hi }', 'this case expects nothing; give it event, rules, routes, destinations or dropped'],
    ['routes: []', 'a case has either `entry`, or `entries`: the pieces of one line'],
    ['entry: {}\n    entries: [{}]\n    routes: []', 'a case has either `entry`, or `entries`'],
    ['entry: { unit: a, container: b }\n    routes: []', 'a line is of a unit or of a container, not of both'],
    ['entry: { __CURSOR: abc }\n    routes: []', 'expected a whole cursor, as journalctl prints it'],
    ['entry: { __REALTIME_TIMESTAMP: now }\n    routes: []', 'expected microseconds since the epoch'],
    ['entry: { time: now }\n    routes: []', 'expected a time as 2026-11-22T05:40:00.123456Z'],
    ['entry: hi\n    routes: []', 'expected a map'],
    ['entry: { message: *x }\n    routes: []', '"*" begins an alias in YAML; quote it'],
  ])('where a case is %j', async (given, complaint) => {
    expect(await findingsOf(`cases:\n  - name: this\n    ${given}\n`)).toContain(complaint);
  });

  test('where it is no map', async () => {
    expect(await findingsOf('- name: this\n')).toContain('a file of tests is a map with the list "cases:"');
  });
});
