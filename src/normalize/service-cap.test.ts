import { expect, test } from '@jest/globals';
import { createNormalizer } from './normalize.ts';
import { overflowService, ServiceCap } from './service-cap.ts';
import { dockerFields, receivedUs, testRecord } from './test-record.ts';

const hourUs = 3600e6;
const ignore = (): void => undefined;

test('new names are refused beyond the cap, known ones stay, and it is said once an hour', () => {
  const said: [string, number][] = [];
  const cap = new ServiceCap(2, (service, hourStartUs) => said.push([service, hourStartUs]));
  const names = ['a', 'b', 'c', 'a', 'd', 'b'].map((name) => cap.admit(name, receivedUs));
  expect(names).toEqual(['a', 'b', overflowService, 'a', overflowService, 'b']);
  expect(said).toEqual([['c', receivedUs - (receivedUs % hourUs)]]);
});

test('the next hour of the journal takes new names', () => {
  const cap = new ServiceCap(1, ignore);
  const admitted = ['a', 'b'].map((name, hour) => cap.admit(name, receivedUs + hour * hourUs));
  expect([...admitted, cap.admit('c', receivedUs + hourUs)]).toEqual(['a', 'b', overflowService]);
});

test('clocks that differ, or that were wrong once, do not lift the cap or keep it', () => {
  const cap = new ServiceCap(1, ignore);
  cap.admit('future', receivedUs + 1e6 * hourUs);
  const alternating = ['a', 'b', 'c', 'd'].map((name, index) => cap.admit(name, receivedUs + (index % 2) * hourUs));
  expect(alternating).toEqual(['a', 'b', overflowService, overflowService]);
  expect(cap.admit('e', receivedUs + 2 * hourUs)).toBe('e');
});

test('a name unseen for longest is forgotten first', () => {
  const cap = new ServiceCap(1, ignore);
  for (let hour = 0; hour < 25; hour += 1) {
    cap.admit('kept', receivedUs + hour * hourUs + 1);
    cap.admit(`name ${hour}`, receivedUs + hour * hourUs);
  }
  const now = receivedUs + 25 * hourUs;
  cap.admit('newest', now);
  expect([cap.admit('kept', now), cap.admit('name 1', now)]).toEqual(['kept', overflowService]);
});

test('events of refused names keep everything but the name', () => {
  const normalize = createNormalizer({
    host: () => ({ name: 'h', machineId: undefined, cloud: {} }),
    naming: 'sluice',
    streamField: undefined,
    labels: {},
    maxNewServicesPerHour: 1,
    onServiceOverflow: ignore,
  });
  const events = ['a', 'b'].map((tag) => normalize(testRecord({ ...dockerFields, CONTAINER_TAG: tag, MESSAGE: tag })));
  expect(events).toMatchObject([
    { service: 'a', stream: 'shop-web-1', message: 'a' },
    { service: overflowService, stream: 'shop-web-1', message: 'b' },
  ]);
});
