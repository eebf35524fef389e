import { expect, test } from '@jest/globals';
import { createOwnLines, type OwnRun } from './own-lines.ts';
import { receivedUs, testRecord } from './test-record.ts';

const run: OwnRun = { invocationId: undefined, pid: 7, startedUs: receivedUs, machineId: 'm' };

test('a service knows its lines by its invocation, not by its unit', () => {
  const isOwn = createOwnLines({ ...run, invocationId: 'abc' });
  expect(isOwn(testRecord({ _SYSTEMD_INVOCATION_ID: 'abc', _PID: '8' }))).toBe(true);
  expect(isOwn(testRecord({ _SYSTEMD_INVOCATION_ID: 'abd', _SYSTEMD_UNIT: 'sluice.service', _PID: '7' }))).toBe(false);
  expect(isOwn(testRecord({ _PID: '7' }))).toBe(false);
});

test('an agent run by hand knows its lines by its process', () => {
  const isOwn = createOwnLines(run);
  expect(isOwn(testRecord({ _PID: '7', _MACHINE_ID: 'm' }))).toBe(true);
  expect(isOwn(testRecord({ _PID: '8', _MACHINE_ID: 'm' }))).toBe(false);
});

test('a process with the same number before it, or on another machine, is another', () => {
  const isOwn = createOwnLines(run);
  expect(isOwn(testRecord({ _PID: '7', _MACHINE_ID: 'm' }, { receivedUs: receivedUs - 1 }))).toBe(false);
  expect(isOwn(testRecord({ _PID: '7', _MACHINE_ID: 'n' }))).toBe(false);
  expect(createOwnLines({ ...run, machineId: undefined })(testRecord({ _PID: '7', _MACHINE_ID: 'n' }))).toBe(true);
});
