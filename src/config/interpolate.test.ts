import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { scalarsOf, type ConfigNode } from './config-node.ts';
import { fill, interpolate, typedScalar } from './interpolate.ts';
import { parseYaml } from './parse-yaml.ts';

const parsed = (text: string): ConfigNode => {
  const { root } = parseYaml({ path: 'test.yaml', text });
  if (root === undefined) throw new Error('the test is no YAML');
  return root;
};

const valuesOf = (text: string, environment: Readonly<Record<string, string>>) => {
  const complaints: string[] = [];
  const filled = interpolate(parsed(text), environment, ({ message }) => complaints.push(message));
  return { values: [...scalarsOf(filled)].map(([, { value }]) => value), complaints };
};

describe('fill', () => {
  test.each([
    ['${NAME}', 'value'],
    ['a ${NAME} b ${NAME}', 'a value b value'],
    ['${NAME:-default}', 'value'],
    ['${UNSET:-default}', 'default'],
    ['${UNSET:-}', ''],
    ['${EMPTY:-default}', 'default'],
    ['a${EMPTY}b', 'ab'],
    ['${UNSET:-{{service}}/x}', '{{service}}/x'],
    ['${NAME:-{{service}}}', 'value'],
    ['${NAME:-a}}', 'value}'],
    ['$${NAME}', '${NAME}'],
    ['$$$${NAME}', '$${NAME}'],
    ['$$${NAME}', '$value'],
    ['5$ and $5', '5$ and $5'],
    ['/^end$/', '/^end$/'],
    ['${NESTED}', '${NAME}'],
  ])('makes of %s %s', (text, expected) => {
    const environment = { NAME: 'value', EMPTY: '', NESTED: '${NAME}' };
    expect(fill(text, environment)).toMatchObject({ text: expected, problem: undefined });
  });

  test('knows only variables, not what every object has', () => {
    expect(fill('${constructor}', {}).problem).toBe('constructor is not set');
  });

  test('gives back any text whose "$" are doubled', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-', ' ') }), (text) => {
        expect(fill(text.replaceAll('$', '$$$$'), { A: 'filled' }).text).toBe(text);
      }),
    );
  });

  test('gives any value of a variable as it is', () => {
    const unit = fc.constantFrom('$', '&', '{', '}', '`', "'", 'NAME', '\n', '\0', '\uD83D', ' ', '1');
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit }), (value) => {
        expect(fill('<${NAME}>', { NAME: value }).text).toBe(`<${value}>`);
      }),
    );
  });
});

describe('interpolate', () => {
  test('types a value that is one whole variable as YAML would, and no other', () => {
    const text = 'a: "${ON}"\nb: ${ON}\nc: x${ON}\nd: "${PORT}"\ne: "${NOTHING:-null}"\nf: "${VERSION}"';
    expect(valuesOf(text, { ON: 'true', PORT: '9797', VERSION: '1.2.3' }).values).toEqual([
      true,
      true,
      'xtrue',
      9797,
      null,
      '1.2.3',
    ]);
  });

  test('leaves keys and comments alone', () => {
    const filled = interpolate(parsed('"${KEY}": 1 # ${KEY}'), { KEY: 'x' }, () => undefined);
    expect([...scalarsOf(filled)].map(([path]) => path)).toEqual([['${KEY}']]);
  });

  test('complains about what looks like a variable and is none', () => {
    expect(valuesOf('a: "${1}"\nb: "${A:?no}"\nc: "${"', {}).complaints).toHaveLength(3);
  });

  test('never creates structure, whatever a variable holds', () => {
    const hostile = fc.oneof(
      fc.string({
        unit: fc.constantFrom('{', '}', '[', ']', ':', ' ', '\n', '-', '"', "'", '*', '&', '!', '#', 'a', ','),
      }),
      fc.constantFrom('a: 1', '- a', '[1, 2]', '{ a: 1 }', '*a', '<<: x', '| \n a', '"quoted"'),
    );
    fc.assert(
      fc.property(hostile, (value) => {
        const filled = interpolate(parsed('a: "${X}"\nb: ["x${X}", "${X}"]'), { X: value }, () => undefined);
        expect([...scalarsOf(filled)].map(([path]) => path)).toEqual([['a'], ['b', 0], ['b', 1]]);
      }),
    );
  });
});

describe('the type of a scalar', () => {
  test('is what YAML says, for all that is one plain scalar to YAML', () => {
    const scalar = fc.oneof(
      fc.stringMatching(/^[-+.\dxoeE_aAfFnN~]{1,8}$/),
      fc.constantFrom(
        'true',
        'True',
        'TRUE',
        'false',
        'tRUE',
        'yes',
        'no',
        'null',
        'Null',
        '~',
        '0o17',
        '0x1F',
        '1e3',
        '.5',
      ),
    );
    fc.assert(
      fc.property(scalar, (text) => {
        fc.pre(!/^(?:-|---|\.\.\.|[-+]?\.(?:inf|nan))$/i.test(text));
        expect(typedScalar(text)).toEqual(parse(text));
      }),
      { numRuns: 300 },
    );
  });
});
