import { describe, expect, test } from '@jest/globals';
import type { LogEvent } from './event.ts';
import { compileFieldPath, fixedFieldNames, isJournalFieldName } from './field-path.ts';
import type { JsonObject } from './json.ts';

const fields: Readonly<Record<string, string>> = { _COMM: 'nginx', MESSAGE: 'm', COM_MY_LABEL: 'x' };

const event: LogEvent = {
  position: { source: 'journald', shard: '', receivedUs: 0, cursor: () => 'cursor', id: () => 'id' },
  timeUs: 0,
  level: 'WARN',
  message: 'm',
  service: 'shop-web',
  stream: 'shop-web-1',
  info: { host: 'h', pid: 7, source: 'a.go:1:f', labels: { env: 'prod', 'a.b': 'dotted' } },
  data: JSON.parse('{"request":{"status":200},"list":[1],"a.b":1,"__proto__":{"x":1},"service":"own"}') as JsonObject,
  raw: 'm',
  structured: true,
  fields: { get: (name) => fields[name], repeats: () => false, all: () => [], invalidBytes: () => undefined },
  bytes: 1,
};

const read = (path: string) => compileFieldPath(path)?.(event);

describe('a path', () => {
  test.each([
    ['service', 'shop-web'],
    ['stream', 'shop-web-1'],
    ['level', 'WARN'],
    ['message', 'm'],
    ['id', 'id'],
    ['host', 'h'],
    ['source', 'journald'],
    ['info.source', 'a.go:1:f'],
    ['info.pid', 7],
    ['labels.env', 'prod'],
    ['_COMM', 'nginx'],
    ['COM_MY_LABEL', 'x'],
    ['data.request.status', 200],
    ['data.request', { status: 200 }],
    ['data.list', [1]],
    ['data.service', 'own'],
    ['data.__proto__.x', 1],
  ])('%s reads %j', (path, value) => {
    expect(read(path)).toEqual(value);
  });

  test.each([
    ['container'],
    ['labels.none'],
    ['labels.constructor'],
    ['ABSENT'],
    ['data.none'],
    ['data.request.status.more'],
    ['data.list.0'],
    ['data.constructor'],
    ['data.request.toString'],
  ])('%s reads nothing where the event has nothing there', (path) => {
    expect(compileFieldPath(path)).toBeDefined();
    expect(read(path)).toBeUndefined();
  });

  test.each([
    [''],
    ['data'],
    ['data.'],
    ['data..x'],
    ['info'],
    ['info.fields'],
    ['nonsense'],
    ['constructor'],
    ['__proto__'],
    ['Level'],
  ])('%j that no event could have is refused', (path) => {
    expect(compileFieldPath(path)).toBeUndefined();
  });

  test('of every name that is offered can be compiled', () => {
    expect(fixedFieldNames.filter((name) => compileFieldPath(name) === undefined)).toEqual([]);
  });

  test('of a record is told from those of an event', () => {
    expect(['_COMM', 'PRIORITY', 'service', 'data.X', '1X'].map(isJournalFieldName)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
