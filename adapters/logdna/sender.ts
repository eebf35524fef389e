import axios from 'axios';
import {
  createHttpPoster,
  messageOf,
  originText,
  type AdapterContext,
  type Batch,
  type Sender,
  type SendResult,
} from '#sdk';
import { classifyIngestAnswer } from './classify.ts';
import { encodeLine, stampLine } from './line.ts';
import { toHostname } from './names.ts';
import type { LogdnaOptions } from './options.ts';

/** Mezmo takes no request without a host name. */
const fallbackHostname = 'unknown-host';

const bodyOf = (batch: Batch): string =>
  `{"lines":[${batch.entries.map(({ text, timeMs }) => stampLine(text, timeMs)).join(',')}]}`;

/** Basic credentials: the key as the user, no password. */
const headersOf = (key: string): Readonly<Record<string, string>> => ({
  authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
  'content-type': 'application/json; charset=UTF-8',
});

/** Sends to the ingest endpoint of LogDNA, now Mezmo. A batch's key is its host name. */
export const createSender = (options: LogdnaOptions, context: AdapterContext): Sender => {
  const { key, endpoint, hostname, tags } = options;
  const http = createHttpPoster(axios, options, context.environment);
  const ownHostname = toHostname(context.host) || fallbackHostname;
  const hostnameOf = originText([hostname], (event) => toHostname(hostname.render(event)) || ownHostname);

  const ingestUrl = (host: string): URL => {
    const url = new URL(`${endpoint.replace(/\/+$/, '')}/logs/ingest`);
    url.searchParams.set('hostname', host);
    url.searchParams.set('now', String(context.clock.now()));
    if (tags.length > 0) url.searchParams.set('tags', tags.join(','));
    return url;
  };

  const post = async (batch: Batch, revealed: string, signal: AbortSignal): Promise<SendResult> => {
    const url = ingestUrl(batch.key);
    const exchange = await http.post({ url, headers: headersOf(revealed), body: bodyOf(batch) }, signal);
    if ('failure' in exchange) return exchange.failure;
    const peer = { origin: url.origin, secrets: [revealed], nowMs: context.clock.now() };
    return classifyIngestAnswer(exchange.answer, batch.entries.length, peer);
  };

  return {
    batchKey: ({ event }) => hostnameOf(event),
    encode: (item) => encodeLine(item, context.encoding, options),
    send: async (batch, signal) => {
      let revealed: string;
      try {
        revealed = await key.reveal();
      } catch (error) {
        return { status: 'denied', scope: 'destination', reason: messageOf(error) };
      }
      const result = await post(batch, revealed, signal);
      if (result.status === 'denied') key.forget();
      return result;
    },
    close: async () => {
      http.close();
    },
  };
};
