import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { HostFacts } from '../platform/host-identity.ts';
import { originOf, type OriginOptions } from './origin.ts';
import { maxNameLength } from './safe-name.ts';
import { dockerFields, testRecord } from './test-record.ts';

const machine = 'a'.repeat(32);
const host: HostFacts = { name: 'this-host', machineId: machine, cloud: {} };
const options: OriginOptions = { naming: 'sluice', streamField: undefined, labels: {} };

type Fields = Record<string, string>;

const origin = (fields: Fields, more: Partial<OriginOptions> = {}, facts = host) =>
  originOf(testRecord(fields).fields, facts, { ...options, ...more });

const container = (more: Fields, without: readonly string[] = []) => {
  const fields: Fields = { ...dockerFields, ...more };
  for (const name of without) delete fields[name];
  return fields;
};

const ecs = {
  CONTAINER_NAME: 'ecs-api-2-7-web-aabbccddeeff00112233',
  COM_AMAZONAWS_ECS_CLUSTER: 'prod',
  COM_AMAZONAWS_ECS_TASK_ARN: 'arn:aws:ecs:eu-central-1:012345678910:task/prod/0f1e2d3c',
  COM_AMAZONAWS_ECS_CONTAINER_NAME: 'web',
  COM_AMAZONAWS_ECS_TASK_DEFINITION_FAMILY: 'api-2',
};

describe('the service of a container', () => {
  test('is its tag where one was given', () => {
    expect(origin(container({ ...ecs, CONTAINER_TAG: 'billing' })).service).toBe('billing');
  });

  test.each([['0123456789ab'], ['0123456789abcdef'.repeat(4)], ['0123'], ['']])(
    'is not the tag %p, which docker made of the id',
    (tag) => {
      expect(origin(container({ CONTAINER_TAG: tag })).service).toBe('shop-web');
    },
  );

  test('is the family of its ECS task, else the service of compose', () => {
    expect(origin(container({ ...ecs, COM_DOCKER_COMPOSE_SERVICE: 'web' })).service).toBe('api-2');
    expect(origin(container({ COM_DOCKER_COMPOSE_SERVICE: 'web' })).service).toBe('web');
  });

  test.each([
    ['shop-web-1', 'shop-web'],
    ['shop_web_12', 'shop_web'],
    ['shop-web', 'shop-web'],
    ['ecs-api-2-7-web-aabbccddeeff00112233', 'api-2'],
    ['shop_web.3.abcdefghijklmnopqrstuvwxy', 'shop_web'],
    ['backup-20261122', 'backup-20261122'],
    ['1', '1'],
  ])('is its name %s without what counts replicas: %s', (name, service) => {
    expect(origin(container({ CONTAINER_NAME: name })).service).toBe(service);
  });

  test.each([
    ['nginx', 'nginx'],
    ['nginx:1.27', 'nginx'],
    ['team/app:1.2@sha256:0123', 'team/app'],
    ['registry:5000/team/app:1.2', 'team/app'],
    ['012345678910.dkr.ecr.eu-central-1.amazonaws.com/app', 'app'],
    ['localhost/app', 'app'],
  ])('without a name is its image %s without registry and version: %s', (image, service) => {
    expect(origin(container({ IMAGE_NAME: image }, ['CONTAINER_NAME'])).service).toBe(service);
  });

  test('without any name is its runtime', () => {
    expect(origin(container({ IMAGE_NAME: 'sha256:0123' }, ['CONTAINER_NAME'])).service).toBe('docker');
  });

  test('is the old one on demand: tag and name as they are', () => {
    const fields = container({ ...ecs, CONTAINER_TAG: '0123456789ab', CONTAINER_NAME: 'web-1' });
    expect(origin(fields, { naming: 'ecs-logs' })).toMatchObject({ service: '0123456789ab', stream: 'web-1' });
  });
});

describe('the service of a process', () => {
  test.each([
    ['nginx.service', 'nginx'],
    ['getty@tty1.service', 'getty'],
    ['user@1000.service', 'user'],
    ['home.mount', 'home'],
    ['session-3.scope', 'host'],
    ['init.scope', 'host'],
    ['@x.service', 'host'],
  ])('of the unit %s is %s', (unit, service) => {
    expect(origin({ _SYSTEMD_UNIT: unit }).service).toBe(service);
  });

  test('without a unit is the host, and the kernel is itself', () => {
    expect(origin({}).service).toBe('host');
    expect(origin({ _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel' }).service).toBe('kernel');
  });
});

describe('the stream', () => {
  test('of a container is its name, under ECS its task and name there', () => {
    expect(origin(container({})).stream).toBe('shop-web-1');
    expect(origin(container(ecs)).stream).toBe('0f1e2d3c/web');
  });

  test('of a process is its host', () => {
    expect(origin({ _HOSTNAME: 'ip-10-0-0-1' }).stream).toBe('ip-10-0-0-1');
    expect(origin({}).stream).toBe('this-host');
  });

  test('may be any field of the journal', () => {
    const more = { streamField: 'CONTAINER_ID' };
    expect(origin(container({}), more).stream).toBe('0123456789ab');
    expect(origin({}, more).stream).toBe('this-host');
  });

  test('has neither : nor *', () => {
    expect(origin(container({ CONTAINER_NAME: 'a:b*c' })).stream).toBe('a/b/c');
  });
});

describe('what is known of a container', () => {
  test('is its own, and nothing of the daemon that wrote for it', () => {
    expect(origin(container({ ...ecs, IMAGE_NAME: 'app:1' })).info).toEqual({
      host: 'ip-10-0-0-1',
      cluster: 'prod',
      task: '0f1e2d3c',
      container: '0123456789ab',
      image: 'app:1',
    });
  });

  test.each([
    ['another process', { _COMM: 'evil', _SYSTEMD_UNIT: 'evil.service' }],
    ['another user', { _UID: '1000', _COMM: 'dockerd' }],
    ['a container that calls itself dockerd', { _COMM: 'dockerd', _SYSTEMD_UNIT: 'docker-0123.scope' }],
    ['standard output', { _TRANSPORT: 'stdout' }],
  ])('does not count from %s', (_who, writer) => {
    const forged = origin(container({ ...writer, CONTAINER_TAG: 'billing' }));
    expect(forged.service).not.toBe('billing');
    expect(forged.stream).toBe('ip-10-0-0-1');
    expect(forged.info).toMatchObject({ pid: 702, identifier: '0123456789ab' });
    expect(forged.info.container).toBeUndefined();
  });

  test.each([
    ['dockerd without systemd', { _COMM: 'dockerd' }, ['_SYSTEMD_UNIT']],
    ['dockerd of a snap', { _SYSTEMD_UNIT: 'snap.docker.dockerd.service' }, []],
    ['podman', { _COMM: 'conmon', _SYSTEMD_UNIT: 'libpod-conmon-0123.scope' }, []],
  ])('counts from %s', (_who, writer, without) => {
    expect(origin(container({ ...writer, CONTAINER_TAG: 'billing' }, without)).service).toBe('billing');
  });
});

describe('what is known of a process', () => {
  test('is unit, identifier and ids', () => {
    const fields = {
      _SYSTEMD_UNIT: 'a@b.service',
      SYSLOG_IDENTIFIER: 'a',
      _PID: '7',
      _UID: '0',
      _GID: '5',
      _HOSTNAME: 'h',
    };
    expect(origin(fields, { labels: { env: 'prod' } }).info).toEqual({
      host: 'h',
      unit: 'a@b.service',
      identifier: 'a',
      pid: 7,
      uid: 0,
      gid: 5,
      labels: { env: 'prod' },
    });
  });

  test('has no number that is none', () => {
    expect(origin({ _PID: '-1', _UID: 'root', _GID: '' }).info).toEqual({ host: 'this-host' });
  });
});

describe('the cloud', () => {
  const cloud = { instance: 'i-01234567', region: 'eu-central-1', account: '012345678910', cluster: 'default' };
  const facts = { ...host, cloud };

  test('speaks of this machine', () => {
    expect(origin({ _MACHINE_ID: machine }, {}, facts).info).toEqual({ host: 'this-host', ...cloud });
    expect(origin(container(ecs), {}, facts).info).toMatchObject({ ...cloud, cluster: 'prod' });
  });

  test('does not speak of another whose journal is here', () => {
    const other = 'b'.repeat(32);
    expect(origin({ _MACHINE_ID: other, _HOSTNAME: 'other' }, {}, facts).info).toEqual({
      host: 'other',
      machine: other,
    });
  });
});

describe('a hostile name', () => {
  test.each([
    ['../../etc/passwd', '__/__/etc/passwd'],
    ['/etc/shadow', 'etc/shadow'],
    ['..', '__'],
    ['a/./b', 'a/_/b'],
    ['a\u0000b\u001b[31m', 'a_b_[31m'],
    ['\u202eevil\u2028', '_evil_'],
    ['\ud800x', '_x'],
    ['a'.repeat(1000), 'a'.repeat(maxNameLength)],
  ])('is made harmless (%#)', (tag, service) => {
    expect(origin(container({ CONTAINER_TAG: tag })).service).toBe(service);
  });

  test('of nothing is none', () => {
    expect(origin(container({ CONTAINER_TAG: '///', CONTAINER_NAME: ' ' }, ['IMAGE_NAME'])).service).toBe('docker');
    expect(origin(container({ CONTAINER_NAME: '::' })).stream).toBe('ip-10-0-0-1');
  });

  test('never leaves anything but a harmless one', () => {
    const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.stringMatching(/^[./:*\\ ]*$/));
    fc.assert(
      fc.property(hostile, hostile, hostile, (tag, name, unit) => {
        for (const fields of [container({ CONTAINER_TAG: tag, CONTAINER_NAME: name }), { _SYSTEMD_UNIT: unit }]) {
          const { service, stream } = origin(fields);
          for (const made of [service, stream]) {
            expect(made.length).toBeGreaterThan(0);
            expect(made.length).toBeLessThanOrEqual(maxNameLength);
            expect(made).not.toMatch(/^\/|(^|\/)\.{1,2}(\/|$)|[\p{Cc}\p{Cs}]/u);
          }
          expect(stream).not.toMatch(/[:*]/);
        }
      }),
    );
  });
});
