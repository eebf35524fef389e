import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import type { AdapterContext, Batch, Sender } from '#sdk';
import { systemClock } from '../../src/platform/clock.ts';
import { batchEntryOf } from '../../test/support/batch-entry.ts';
import { encodable, eventOf } from '../../test/support/events.ts';
import { silentLogger } from '../../test/support/silent-logger.ts';
import { consoleOptions } from './options.ts';
import { createStreamSender, outputClosed } from './sender.ts';

const never = new AbortController().signal;

const contextOf = (environment: AdapterContext['environment'] = {}): AdapterContext => ({
  destination: 'console',
  host: 'host-1',
  encoding: 'message',
  logger: silentLogger,
  clock: systemClock,
  environment,
});

class Stream extends PassThrough {
  readonly isTTY: boolean;

  constructor(isTTY: boolean, highWaterMark: number) {
    super({ writableHighWaterMark: highWaterMark, readableHighWaterMark: highWaterMark });
    this.isTTY = isTTY;
  }
}

interface Setup {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly isTTY?: boolean;
  readonly environment?: AdapterContext['environment'];
}

const start = ({ options = {}, isTTY = false, environment }: Setup = {}) => {
  const stream = new Stream(isTTY, 64);
  const sender = createStreamSender(consoleOptions.parse(options), contextOf(environment), stream);
  return { stream, sender };
};

const batchOf = (sender: Sender, messages: readonly string[], from = 0): Batch => {
  const entries = messages.map((message, index) => {
    const event = eventOf({ message }, from + index);
    return batchEntryOf(event, sender.encode(encodable(event)) ?? '');
  });
  return { key: '', entries, bytes: entries.reduce((total, entry) => total + entry.bytes + 1, 0) };
};

const encoded = (setup: Setup): string => start(setup).sender.encode(encodable(eventOf())) ?? '';
const looks = (text: string): string => (text === 'line 0' ? 'json' : text.includes('\u001b[') ? 'colored' : 'pretty');

describe('format and colour', () => {
  test.each([
    ['json', { isTTY: false }],
    ['colored', { isTTY: true }],
    ['pretty', { isTTY: true, environment: { NO_COLOR: '1' } }],
    ['colored', { isTTY: true, environment: { NO_COLOR: '' } }],
    ['pretty', { isTTY: true, environment: { TERM: 'dumb' } }],
    ['pretty', { isTTY: false, options: { format: 'pretty' } }],
    ['colored', { isTTY: false, options: { format: 'pretty', color: 'always' }, environment: { NO_COLOR: '1' } }],
    ['pretty', { isTTY: true, options: { color: 'never' } }],
    ['json', { isTTY: true, options: { format: 'json' } }],
  ])('is %s with %j', (look, setup) => {
    expect(looks(encoded(setup))).toBe(look);
  });
});

describe('writing', () => {
  test('ends every event with a newline and is done when the other side has read', async () => {
    const { stream, sender } = start();
    const sending = sender.send(batchOf(sender, ['one', 'two']), never);
    expect(String((await once(stream, 'data'))[0])).toBe('one\ntwo\n');
    expect(await sending).toEqual({ status: 'delivered' });
  });

  test('waits for a reader that does not read, and writes nothing twice that was stopped meanwhile', async () => {
    const { stream, sender } = start();
    const [first, second] = [batchOf(sender, ['a'.repeat(200)]), batchOf(sender, ['b'.repeat(200)], 1)];
    const controller = new AbortController();
    const stalled = [sender.send(first, controller.signal), sender.send(second, controller.signal)];
    controller.abort();
    const notRead = { status: 'retry', scope: 'destination', reason: 'standard output is not being read' };
    expect(await Promise.all(stalled)).toEqual([notRead, notRead]);
    const again = sender.send(first, never);
    let text = '';
    stream.on('data', (data) => (text += String(data)));
    expect(await again).toEqual({ status: 'delivered' });
    expect(await sender.send(second, never)).toEqual({ status: 'delivered' });
    stream.end();
    await once(stream, 'end');
    expect(text).toBe(`${'a'.repeat(200)}\n${'b'.repeat(200)}\n`);
  });

  test('writes nothing when the signal is aborted before', async () => {
    const { stream, sender } = start();
    expect(await sender.send(batchOf(sender, ['one']), AbortSignal.abort())).toMatchObject({ status: 'retry' });
    expect(stream.readableLength).toBe(0);
  });

  test('says that its reader has gone, again and again, and never throws', async () => {
    const { stream, sender } = start();
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    const denied = { status: 'denied', scope: 'destination', reason: outputClosed };
    expect(await sender.send(batchOf(sender, ['one']), never)).toEqual(denied);
    expect(await sender.send(batchOf(sender, ['one']), never)).toEqual(denied);
    await sender.close();
    await sender.close();
  });
});

describe('the standard output of a real process', () => {
  const program = `
    import { createSender } from ${JSON.stringify(join(import.meta.dirname, 'sender.ts'))};
    import { writeSync } from 'node:fs';
    const sender = createSender({ format: 'json', color: 'auto' }, { encoding: 'message', environment: {} });
    const text = 'x'.repeat(100_000);
    const batch = { key: '', bytes: 0, entries: [{ text, event: { position: { id: () => String(Math.random()) } } }] };
    for (;;) {
      const result = await sender.send(batch, new AbortController().signal);
      if (result.status === 'delivered') continue;
      writeSync(2, JSON.stringify(result));
      break;
    }`;
  const parameters = ['--input-type=module', '--eval', program];

  test('ends with a result, not with a crash, when head has read enough', () => {
    const script = '"$0" "$@" | head -c 1000 >/dev/null';
    const { stderr } = spawnSync('sh', ['-c', script, process.execPath, ...parameters], { encoding: 'utf8' });
    expect(JSON.parse(stderr)).toEqual({ status: 'denied', scope: 'destination', reason: outputClosed });
  });

  test('a reader that does not read holds up its destination alone', async () => {
    const tick = `setInterval(() => writeSync(2, '.'), 5);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', tick + program]);
    child.stdout.pause();
    let ticks = '';
    for await (const chunk of child.stderr) {
      ticks += String(chunk);
      if (ticks.length > 20) break;
    }
    child.kill('SIGKILL');
    expect(ticks).toMatch(/^\.+$/);
  });
});
