import { describe, expect, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { type CountingProcess, startCountingProcess } from './counting-process.ts';

const lineOf = (id: string): string => `{"info":{"id":"${id.padEnd(52, '-')}"},"message":"m"}\n`;

const post = async (
  { address }: CountingProcess,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<void> => {
  const { status } = await fetch(address, { method: 'POST', body, headers });
  expect(status).toBe(200);
};

describe('the HTTP service that counts', () => {
  test('counts what is sent as it is and compressed', async () => {
    const sink = await startCountingProcess('http');
    await post(sink, lineOf('a') + lineOf('b'));
    await post(sink, gzipSync(lineOf('b') + lineOf('c')), { 'content-encoding': 'gzip' });
    expect(await sink.count()).toEqual({ events: 4, uniqueIds: 3 });
    sink.close();
  });

  test('counts lines of others, which have no ids', async () => {
    const sink = await startCountingProcess('http', ['lines']);
    await post(sink, '{"MESSAGE":"a"}\n{"MESSAGE":"a"}\n');
    expect(await sink.count()).toEqual({ events: 2 });
    sink.close();
  });
});
