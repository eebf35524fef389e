import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import koffi from 'koffi';
import { createNotifier } from './notify.ts';

const library = koffi.load(null);
const socket = library.func('int socket(int domain, int type, int protocol)');
const bind = library.func('int bind(int fd, const void *address, uint32_t addressBytes)');
const recv = library.func('intptr_t recv(int fd, _Out_ void *data, size_t bytes, int flags)');
const close = library.func('int close(int fd)');
const MSG_DONTWAIT = 0x40;

/** The other end: what systemd reads. A datagram between Unix sockets is there as soon as it was sent. */
const listen = (name: string) => {
  const path = name.startsWith('@') ? `\0${name.slice(1)}` : `${name}\0`;
  const address = Buffer.from(`\u0001\0${path}`);
  const descriptor: number = socket(1, 2, 0);
  if (bind(descriptor, address, address.length) !== 0) throw new Error(`bind: errno ${koffi.errno()}`);
  const buffer = Buffer.alloc(4096);
  return {
    receive: (): string | undefined => {
      const bytes: number = recv(descriptor, buffer, buffer.length, MSG_DONTWAIT);
      return bytes < 0 ? undefined : buffer.toString('utf8', 0, bytes);
    },
    close: () => close(descriptor),
  };
};

let folder: string;
let failures: unknown[] = [];
const onFailure = (error: unknown): void => {
  failures.push(error);
};

const interval = (environment: Readonly<Record<string, string>>) =>
  createNotifier(environment, onFailure, 42).watchdogIntervalMs;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-notify-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  failures = [];
});

describe('createNotifier', () => {
  test.each([
    ['a path', (): string => join(folder, 'notify')],
    ['an abstract name', (): string => `@sluice-test/${process.pid}`],
  ])('tells systemd at %s', (_, name) => {
    const systemd = listen(name());
    const notifier = createNotifier({ NOTIFY_SOCKET: name() }, onFailure);
    notifier.status('reading the journal');
    notifier.ready();
    notifier.watchdog();
    notifier.reloading();
    notifier.stopping();
    expect([systemd.receive(), systemd.receive(), systemd.receive()]).toEqual([
      'STATUS=reading the journal',
      'READY=1',
      'WATCHDOG=1',
    ]);
    expect(systemd.receive()).toMatch(/^RELOADING=1\nMONOTONIC_USEC=\d+$/);
    expect([systemd.receive(), systemd.receive()]).toEqual(['STOPPING=1', undefined]);
    expect(failures).toEqual([]);
    systemd.close();
  });

  test('a status can not pass for another message', () => {
    const systemd = listen('@sluice-test/status');
    createNotifier({ NOTIFY_SOCKET: '@sluice-test/status' }, onFailure).status('evil service\nSTOPPING=1\0');
    expect(systemd.receive()).toBe('STATUS=evil service STOPPING=1 ');
    systemd.close();
  });

  test('does nothing where systemd did not start us', () => {
    const notifier = createNotifier({}, onFailure);
    notifier.ready();
    notifier.stopping();
    expect(failures).toEqual([]);
    expect(notifier.watchdogIntervalMs).toBeUndefined();
  });

  test.each([
    ['nobody listens', '/nowhere/notify', 'errno 2'],
    ['the name is of no kind we know', 'vsock:2:1234', 'neither a path nor an abstract name'],
    ['the name is too long', `/${'x'.repeat(108)}`, 'longer than 108 bytes'],
  ])('says once that %s, and never throws', (_, name, message) => {
    const notifier = createNotifier({ NOTIFY_SOCKET: name }, onFailure);
    notifier.ready();
    notifier.watchdog();
    expect(failures).toEqual([expect.objectContaining({ message: expect.stringContaining(message) })]);
  });
});

describe('watchdogIntervalMs', () => {
  test('is half of what systemd allows', () => {
    expect(interval({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '42' })).toBe(15_000);
    expect(interval({ WATCHDOG_USEC: '30000000' })).toBe(15_000);
  });

  test.each([
    ['no limit is set', {}],
    ['it is meant for another process', { WATCHDOG_USEC: '30000000', WATCHDOG_PID: '43' }],
    ['the limit makes no sense', { WATCHDOG_USEC: '0' }],
    ['the limit is no number', { WATCHDOG_USEC: 'soon' }],
  ])('is undefined where %s', (_, environment) => {
    expect(interval(environment)).toBeUndefined();
  });
});
