import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { z } from 'zod';
import { encodings, type LogEvent } from '#sdk';
import { anyEvent, encodable, eventOf, hostileNames, positionOf } from '../support/events.ts';
import { describeNetworkAdapter } from './adapter-network.ts';
import {
  batchesOf,
  deliver,
  openSender,
  type AdapterSubject,
  type OpenedSender,
  type SoundTarget,
} from './adapter-subject.ts';

/** Far above any key an adapter needs, far below what would weigh in a lane that knows thousands. */
const maxKeyLength = 4096;

const documented = z.object({ properties: z.record(z.string(), z.object({ description: z.string().min(1) })) });

/** What `load` of the configuration adds to any destination, besides the adapter's own options. */
const laneOptions = ['enabled', 'type', 'encoding', 'batch'];

const now = (event: LogEvent): LogEvent => ({ ...event, timeUs: Date.now() * 1000 });

/** Names have a test of their own; here they would only make the service create hundreds of targets. */
const ofOneStream = (event: LogEvent): LogEvent => now({ ...event, service: 'billing', stream: 'billing-1' });

/** Events enough to fill more than one batch to its last half percent, each of a size of its own. */
const bulkyEvents = ({ limits }: OpenedSender): readonly LogEvent[] => {
  const pieceBytes = Math.min(Math.floor(limits.maxEventBytes * 0.8), Math.ceil(limits.maxBytes / 200));
  const count = Math.ceil((1.2 * limits.maxBytes) / pieceBytes);
  return Array.from({ length: count }, (_, at) =>
    now(eventOf({ message: 'x'.repeat(pieceBytes - at), raw: 'x'.repeat(pieceBytes - at) }, at)),
  );
};

/**
 * The suite that every adapter passes. Run it from the adapter's own test, inside a `describe` with its name.
 */
export const describeAdapter = (subject: AdapterSubject): void => {
  const { manifest, network } = subject;
  const folder = new URL(`../../adapters/${manifest.name}/`, import.meta.url);
  const toClose: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(toClose.splice(0).map((closable) => closable.close()));
  });

  const open = async (
    context: Parameters<typeof openSender>[2] = {},
  ): Promise<OpenedSender & { readonly target: SoundTarget }> => {
    const target = await subject.start();
    const opened = await openSender(manifest, target.options, { ...subject.context, ...context });
    toClose.push(opened.sender, target);
    return { ...opened, target };
  };

  describe('manifest', () => {
    const schema = documented.parse(z.toJSONSchema(manifest.options, { io: 'input', unrepresentable: 'any' }));

    test('names the adapter for configurations and people', () => {
      expect(manifest.apiVersion).toBe(1);
      expect(manifest.name).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
      expect(manifest.summary).toMatch(/^\S[^\r\n]*\S$/);
    });

    test('explains every option in the schema and in the README', () => {
      const readme = readFileSync(new URL('README.md', folder), 'utf8');
      for (const option of Object.keys(schema.properties)) expect(readme).toContain(`\`${option}\``);
    });

    test('comes with a sample configuration that uses known options only', () => {
      const sample: unknown = parse(readFileSync(new URL('sample.yaml', folder), 'utf8'));
      const { destinations } = z.object({ destinations: z.record(z.string(), z.looseObject({})) }).parse(sample);
      const used = Object.values(destinations).flatMap((options) => Object.keys(options));
      expect([...Object.keys(schema.properties), ...laneOptions]).toEqual(expect.arrayContaining(used));
    });

    test('takes valid options and refuses unknown ones', async () => {
      const { target } = await open();
      expect(manifest.options.safeParse(target.options).success).toBe(true);
      expect(manifest.options.safeParse({ ...target.options, surprise: 1 }).success).toBe(false);
    });

    test('declares limits that an event can meet', async () => {
      const { limits, target } = await open();
      const { maxBytes, maxEvents, maxEventBytes, overheadPerEvent, overheadPerBatch } = limits;
      for (const limit of [maxBytes, maxEvents, maxEventBytes]) expect(limit).toBeGreaterThan(0);
      for (const overhead of [overheadPerEvent, overheadPerBatch]) expect(overhead).toBeGreaterThanOrEqual(0);
      expect(Object.values(limits).every((limit) => Number.isSafeInteger(limit))).toBe(true);
      expect(maxEventBytes + overheadPerEvent + overheadPerBatch).toBeLessThanOrEqual(maxBytes);
      const window = manifest.window(manifest.options.parse(target.options)) ?? { pastMs: 1, futureMs: 1 };
      expect(Math.min(window.pastMs, window.futureMs, manifest.defaultMaxAgeMs)).toBeGreaterThan(0);
    });
  });

  describe('events', () => {
    test.each(encodings)('are encoded and keyed alike each time as %s', async (encoding) => {
      const { sender } = await open({ encoding });
      fc.assert(
        fc.property(anyEvent, (event) => {
          const text = sender.encode(encodable(event));
          expect(sender.encode(encodable(event))).toBe(text);
          const key = sender.batchKey(encodable(event));
          expect(sender.batchKey(encodable(event))).toBe(key);
          expect(key.length).toBeLessThanOrEqual(maxKeyLength);
          expect(key).toBe(key.toWellFormed());
        }),
      );
    });

    test.each(encodings)('of all kinds are delivered within the limits as %s', async (encoding) => {
      const opened = await open({ encoding });
      await fc.assert(
        fc.asyncProperty(fc.array(anyEvent.map(ofOneStream), { maxLength: 20 }), async (events) => {
          const before = await opened.target.received();
          const batches = batchesOf(opened, events);
          for (const batch of batches) expect(await deliver(opened.sender, batch)).toEqual({ status: 'delivered' });
          const sent = batches.reduce((sum, { entries }) => sum + entries.length, 0);
          const arrived = (await opened.target.received()) - before;
          // Where a line is an event to the target, a message as written may count for several.
          expect(encoding === 'message' ? Math.min(arrived, sent) : arrived).toBe(sent);
        }),
        { numRuns: 20 },
      );
    });

    test('fill batches to the limit', async () => {
      const opened = await open();
      const batches = batchesOf(opened, bulkyEvents(opened));
      expect(batches.length).toBeGreaterThan(1);
      for (const batch of batches) expect(await deliver(opened.sender, batch)).toEqual({ status: 'delivered' });
    });

    test.each(hostileNames.map((name) => [JSON.stringify(name).slice(0, 40), name] as const))(
      'are delivered whatever their service, stream and host are called: %s',
      async (_, name) => {
        const opened = await open();
        const event = now(eventOf({ service: name, stream: name, info: { host: name } }));
        const [batch] = batchesOf(opened, [event]);
        expect(batch && (await deliver(opened.sender, batch))).toEqual({ status: 'delivered' });
      },
    );

    test('carry their id, so that readers can fold what was sent twice', async () => {
      const { sender } = await open({ encoding: 'structured' });
      const position = positionOf(0, { id: () => '1abcdefghijk' });
      expect(sender.encode(encodable(eventOf({ position })))).toContain('1abcdefghijk');
    });
  });

  test('is closed twice without complaint', async () => {
    const { sender } = await open();
    await sender.close();
    await expect(sender.close()).resolves.toBeUndefined();
  });

  if (network !== undefined) {
    describe('network', () => {
      describeNetworkAdapter(subject, network);
    });
  }
};
