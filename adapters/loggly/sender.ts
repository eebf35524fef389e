import axios from 'axios';
import {
  createHttpPoster,
  linesOf,
  messageOf,
  originText,
  type AdapterContext,
  type Batch,
  type Sender,
  type SendResult,
} from '#sdk';
import { classifyBulkAnswer } from './classify.ts';
import { encodeLine } from './event-line.ts';
import type { LogglyOptions } from './options.ts';
import { renderTags } from './tags.ts';

const bulkUrl = (endpoint: string, token: string, tags: string): URL =>
  new URL(`${endpoint.replace(/\/+$/, '')}/bulk/${encodeURIComponent(token.toWellFormed())}/tag/${tags}/`);

/** Sends to Loggly's bulk endpoint. A batch's key is its tags. */
export const createSender = (options: LogglyOptions, context: AdapterContext): Sender => {
  const { token, tags, endpoint } = options;
  const http = createHttpPoster(axios, options, context.environment);
  const keyOf = originText(tags, (event) => renderTags(tags, event));

  const post = async (batch: Batch, revealed: string, signal: AbortSignal): Promise<SendResult> => {
    const url = bulkUrl(endpoint, revealed, batch.key);
    const headers = { 'content-type': 'text/plain' };
    const exchange = await http.post({ url, headers, body: linesOf(batch.entries) }, signal);
    if ('failure' in exchange) return exchange.failure;
    const peer = { origin: url.origin, secrets: [revealed], nowMs: context.clock.now() };
    return classifyBulkAnswer(exchange.answer, peer);
  };

  return {
    batchKey: ({ event }) => keyOf(event),
    encode: (item) => encodeLine(item, context.encoding),
    send: async (batch, signal) => {
      let revealed: string;
      try {
        revealed = await token.reveal();
      } catch (error) {
        return { status: 'denied', scope: 'destination', reason: messageOf(error) };
      }
      const result = await post(batch, revealed, signal);
      if (result.status === 'denied') token.forget();
      return result;
    },
    close: async () => {
      http.close();
    },
  };
};
