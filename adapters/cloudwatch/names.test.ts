import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { hostileNames } from '../../test/support/events.ts';
import { fromKey, toGroupName, toKey, toStreamName } from './names.ts';

const anyName = fc.oneof(
  fc.constantFrom(...hostileNames, 'aws/lambda', 'a:b*c'),
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.string({ unit: 'grapheme', minLength: 500, maxLength: 520 }),
);
const groupRule = /^(?!aws\/)[a-zA-Z0-9_\-/.#]{1,512}$/;
const streamRule = /^[^:*\p{Cc}]{1,512}$/u;

describe('names of groups and streams', () => {
  test('valid names stay as they are', () => {
    for (const name of ['billing', '/ecs/billing-2', 'a.b#c_D', '/aws/own', 'x'.repeat(512)]) {
      expect(toGroupName(name)).toBe(name);
    }
    for (const name of ['billing/1f2e', 'a b', 'caf\u00e9', 'x'.repeat(512)]) expect(toStreamName(name)).toBe(name);
  });

  test('what the service forbids is replaced character by character', () => {
    expect(toGroupName('my app (2)')).toBe('my_app__2_');
    expect(toGroupName('\u{1f600}')).toBe('_');
    expect(toStreamName('arn:aws:ecs:task/*')).toBe('arn/aws/ecs/task//');
    expect(toStreamName('a\r\nb\u001b[31m')).toBe('a__b_[31m');
  });

  test('no group of the reserved prefix is asked for', () => {
    expect(toGroupName('aws/lambda')).toBe('_aws/lambda');
  });

  test('lines without a name are kept together', () => {
    expect(toGroupName('')).toBe('unknown');
    expect(toStreamName('')).toBe('unknown');
  });

  test('long names that differ only at their ends stay different', () => {
    const long = 'x'.repeat(600);
    for (const toName of [toGroupName, toStreamName]) {
      expect(toName(`${long}a`)).not.toBe(toName(`${long}b`));
      expect(toName(`${long}a`)).toBe(toName(`${long}a`));
      expect(toName(`${long}a`)).toHaveLength(512);
    }
  });

  test('a cut name holds no half of a character', () => {
    expect(toStreamName(`x${'\u{1f600}'.repeat(300)}`).isWellFormed()).toBe(true);
    expect(toStreamName('\u{1f600}'.repeat(300)).isWellFormed()).toBe(true);
  });

  test('whatever goes in, the service takes what comes out, and takes it unchanged', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const [group, stream] = [toGroupName(name), toStreamName(name)];
        expect(group).toMatch(groupRule);
        expect(stream).toMatch(streamRule);
        expect(stream.length).toBeLessThanOrEqual(512);
        expect(stream.isWellFormed()).toBe(true);
        expect([toGroupName(group), toStreamName(stream)]).toEqual([group, stream]);
      }),
    );
  });

  test('a key gives back the target that it was made of', () => {
    fc.assert(
      fc.property(anyName, anyName, (group, stream) => {
        const target = { group: toGroupName(group), stream: toStreamName(stream) };
        expect(fromKey(toKey(target))).toEqual(target);
      }),
    );
  });
});
