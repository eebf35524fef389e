import { describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/platform/clock.ts';
import type { AdapterContext, Batch } from '#sdk';
import { batchEntryOf } from '../../test/support/batch-entry.ts';
import { encodable, eventOf } from '../../test/support/events.ts';
import { blackholeOptions } from './options.ts';
import { createSender } from './sender.ts';

interface Said {
  readonly fields: object;
  readonly message: string;
}

const never = new AbortController().signal;
const ignore = (): void => undefined;
const batch: Batch = { key: '', bytes: 10, entries: [batchEntryOf(eventOf(), 'line', 0)] };

const start = (options: Readonly<Record<string, unknown>>, clock = systemClock) => {
  const said: Said[] = [];
  const logger = {
    debug: ignore,
    warn: ignore,
    error: ignore,
    info: (fields: object, message: string) => {
      said.push({ fields, message });
    },
  };
  const context: AdapterContext = {
    destination: 'blackhole',
    host: 'host-1',
    encoding: 'message',
    logger,
    clock,
    environment: {},
  };
  return { sender: createSender(blackholeOptions.parse(options), context), said };
};

describe('blackhole', () => {
  test('encodes events as configured', () => {
    expect(start({}).sender.encode(encodable(eventOf()))).toBe('line 0');
  });

  test('takes everything and says how much it was, once', async () => {
    const { sender, said } = start({});
    expect(await sender.send(batch, never)).toEqual({ status: 'delivered' });
    expect(await sender.send(batch, never)).toEqual({ status: 'delivered' });
    await sender.close();
    await sender.close();
    expect(said).toEqual([{ fields: { events: 2, bytes: 20 }, message: 'blackhole closed' }]);
  });

  test('takes as long as it is told to', async () => {
    const slept: number[] = [];
    const clock = {
      ...systemClock,
      sleep: async (ms: number) => {
        slept.push(ms);
      },
    };
    await start({ delay: '20ms' }, clock).sender.send(batch, never);
    expect(slept).toEqual([20]);
  });

  test('counts nothing that was stopped', async () => {
    const { sender, said } = start({ delay: '1h' });
    const controller = new AbortController();
    const sending = sender.send(batch, controller.signal);
    controller.abort();
    expect(await sending).toMatchObject({ status: 'retry' });
    await sender.close();
    expect(said[0]?.fields).toEqual({ events: 0, bytes: 0 });
  });
});
