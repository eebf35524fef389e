import { createRequire } from 'node:module';
import type Koffi from 'koffi';

/** What systemd wants to be told by a service of `Type=notify` (sd_notify(3)). Nothing here throws or waits. */
export interface Notifier {
  /** The start, or a reload, is done. */
  ready(): void;
  /** One line that `systemctl status` shows. */
  status(text: string): void;
  reloading(): void;
  stopping(): void;
  watchdog(): void;
  /** How often to call `watchdog`: half of what systemd allows, in milliseconds; undefined: it does not watch us. */
  readonly watchdogIntervalMs: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;
type SendDatagram = (text: string) => void;

/** Linux, <sys/socket.h> and <sys/un.h>; the same on every architecture that Node supports. */
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_NOSIGNAL = 0x4000;
const maxPathBytes = 108;

/** A `struct sockaddr_un`: the family, then the path with its NUL; an abstract name ("@") begins with the NUL instead. */
const socketAddress = (name: string): Buffer => {
  const isAbstract = name.startsWith('@');
  if (!isAbstract && !name.startsWith('/'))
    throw new Error(`NOTIFY_SOCKET=${name} is neither a path nor an abstract name`);
  const path = Buffer.from(isAbstract ? `\0${name.slice(1)}` : `${name}\0`);
  if (path.length > maxPathBytes) throw new Error(`NOTIFY_SOCKET=${name} is longer than ${maxPathBytes} bytes`);
  return Buffer.concat([Buffer.from(new Uint16Array([AF_UNIX]).buffer), path]);
};

/** Node has no Unix datagram sockets. Loading what gives us the C library takes up to 0.3 s: only who needs it pays. */
const openNotifySocket = (name: string): SendDatagram => {
  const address = socketAddress(name);
  const require = createRequire(import.meta.url);
  const koffi: typeof Koffi = require('koffi');
  const library = koffi.load(null);
  const socket = library.func('int socket(int domain, int type, int protocol)');
  const close = library.func('int close(int fd)');
  const sendto = library.func(
    'intptr_t sendto(int fd, const void *data, size_t bytes, int flags, const void *address, uint32_t addressBytes)',
  );
  return (text) => {
    const data = Buffer.from(text);
    const descriptor: unknown = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor === -1) throw new Error(`no socket to tell systemd with: errno ${koffi.errno()}`);
    const sent: unknown = sendto(descriptor, data, data.length, MSG_NOSIGNAL, address, address.length);
    const errno = koffi.errno();
    close(descriptor);
    if (sent === -1) throw new Error(`systemd can't be told through NOTIFY_SOCKET=${name}: errno ${errno}`);
  };
};

/** Sends nothing anywhere when systemd did not start us; reports the first failure, which the next ones only repeat. */
const createSend = (socketName: string | undefined, onFailure: (error: unknown) => void): SendDatagram => {
  if (socketName === undefined || socketName === '') return () => undefined;
  let send: SendDatagram | undefined;
  let hasFailed = false;
  return (text) => {
    try {
      send ??= openNotifySocket(socketName);
      send(text);
    } catch (error) {
      if (!hasFailed) onFailure(error);
      hasFailed = true;
    }
  };
};

/** sd_watchdog_enabled(3): the request is for us when it names our process, or none. */
const watchdogInterval = (environment: Environment, processId: number): number | undefined => {
  const { WATCHDOG_USEC: limitUs = '', WATCHDOG_PID: watched = String(processId) } = environment;
  if (!/^[1-9]\d{0,14}$/.test(limitUs) || watched !== String(processId)) return undefined;
  return Number(limitUs) / 2000;
};

const monotonicUs = (): bigint => process.hrtime.bigint() / 1000n;

/**
 * Speaks to the systemd that `environment` names; without one every call does nothing.
 *
 * @param onFailure called at most once, when systemd can't be reached.
 */
export const createNotifier = (
  environment: Environment,
  onFailure: (error: unknown) => void,
  processId: number = process.pid,
): Notifier => {
  const send = createSend(environment['NOTIFY_SOCKET'], onFailure);
  return {
    ready: () => send('READY=1'),
    // A line break would begin another assignment.
    status: (text) => send(`STATUS=${text.replaceAll(/\p{Cc}+/gu, ' ')}`),
    reloading: () => send(`RELOADING=1\nMONOTONIC_USEC=${monotonicUs()}`),
    stopping: () => send('STOPPING=1'),
    watchdog: () => send('WATCHDOG=1'),
    watchdogIntervalMs: watchdogInterval(environment, processId),
  };
};
