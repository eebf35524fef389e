import { setTimeout as delay } from 'node:timers/promises';
import koffi from 'koffi';

/** Fields of one entry; an array gives a field several values. */
export type NativeEntry = Readonly<Record<string, string | Uint8Array | readonly (string | Uint8Array)[]>>;

const addressFamilyUnix = 1;
const datagram = 2;
const socketLevel = 1;
const sendBufferForced = 32;
const dontWait = 0x40;
const tryAgain = 11;
/** The kernel doubles it; the largest entry that one datagram takes is a bit smaller. */
const sendBufferBytes = 8 * 1024 * 1024;

const libc = koffi.load('libc.so.6');
const openSocket = libc.func('int socket(int domain, int type, int protocol)');
const closeSocket = libc.func('int close(int fd)');
const setOption = libc.func('int setsockopt(int fd, int level, int name, const void *value, uint32_t size)');
const sendTo = libc.func(
  'int64_t sendto(int fd, const void *data, size_t size, int flags, const void *address, uint32_t addressSize)',
);

/** The binary form of the native protocol takes any value: name, length (64 bits, little endian), bytes. */
const encodeField = (name: string, value: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')]);
};

const encodeEntry = (entry: NativeEntry): Buffer =>
  Buffer.concat(
    Object.entries(entry).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((each: string | Uint8Array) => encodeField(name, each)),
    ),
  );

const encodeAddress = (path: string): Buffer => {
  const address = Buffer.alloc(110);
  address.writeUInt16LE(addressFamilyUnix);
  address.write(path, 2);
  return address;
};

/** Sends entries with journald's native protocol (systemd's JOURNAL_NATIVE_PROTOCOL.md); Node has no such sockets. */
export class NativeJournalSocket {
  readonly #descriptor: number = openSocket(addressFamilyUnix, datagram, 0);
  readonly #address: Buffer;

  constructor(path: string) {
    this.#address = encodeAddress(path);
    const size = Buffer.alloc(4);
    size.writeInt32LE(sendBufferBytes);
    setOption(this.#descriptor, socketLevel, sendBufferForced, size, size.length);
  }

  /** Resolves when journald's socket took it; journald itself may be behind. */
  async send(entry: NativeEntry): Promise<void> {
    const data = encodeEntry(entry);
    while (sendTo(this.#descriptor, data, data.length, dontWait, this.#address, this.#address.length) < 0) {
      const code = koffi.errno();
      if (code !== tryAgain)
        throw new Error(`journald's socket refused an entry of ${data.length} bytes: errno ${code}`);
      await delay(1);
    }
  }

  close(): void {
    closeSocket(this.#descriptor);
  }
}
