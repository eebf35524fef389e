import { connect } from 'node:net';

/** unix(7): sun_path has 108 bytes, with its ending NUL. */
export const maxSocketPathBytes = 107;

export const fitsSocketAddress = (path: string): boolean => Buffer.byteLength(path) <= maxSocketPathBytes;

/** Whether a process listens on a socket file; false for one that a killed process left behind, and where there is none. */
export const isListenedOn = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
