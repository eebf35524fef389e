import { z } from 'zod';

/** Address of a listening socket; port 0 takes any. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const pattern = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/i;

/** Host and port of `127.0.0.1:9797`, `localhost:0`, `[::1]:9797`; undefined for anything else. */
export const parseListenAddress = (text: string): ListenAddress | undefined => {
  const [, bracketed, plain, digits] = pattern.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? undefined : { host, port };
};

/** An option like `127.0.0.1:9797`; parses to host and port. */
export const listenAddress = () =>
  z
    .string()
    .transform((text, context) => {
      const address = parseListenAddress(text);
      if (address !== undefined) return address;
      context.addIssue({ code: 'custom', message: 'expected an address and port, as 127.0.0.1:9797 or [::1]:9797' });
      return z.NEVER;
    })
    .meta({ type: 'string' });
