import { describe, expect, test } from '@jest/globals';
import { parseListenAddress } from './listen-address.ts';

describe('a listen address', () => {
  test.each([
    ['127.0.0.1:9797', { host: '127.0.0.1', port: 9797 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:9797', { host: '::1', port: 9797 }],
    ['0.0.0.0:65535', { host: '0.0.0.0', port: 65_535 }],
  ])('%s is host and port', (text, address) => {
    expect(parseListenAddress(text)).toEqual(address);
  });

  test.each(['9797', ':9797', 'localhost', 'localhost:', 'localhost:65536', '::1:9797', 'a b:1', 'http://x:1'])(
    '%s is none',
    (text) => {
      expect(parseListenAddress(text)).toBeUndefined();
    },
  );
});
