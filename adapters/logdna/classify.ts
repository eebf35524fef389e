import { z } from 'zod';
import {
  classifyAnswer,
  delivered,
  describeAnswer,
  parseJsonAnswer,
  type HttpAnswer,
  type HttpPeer,
  type SendResult,
} from '#sdk';

const receipt = z.object({ status: z.literal('ok') });
/** One HTTP status per line, in the order sent (@logdna/logger reads it so). */
const verdicts = z.object({ status: z.array(z.number().int()) });

/** 401 and 403 speak of the key, not of the line; 408 and 429 of the moment. */
const isRefusal = (status: number): boolean => status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status);

const isTaken = (status: number): boolean => status >= 200 && status < 300;

const itemise = (statuses: readonly number[]): SendResult => {
  const indexed = [...statuses.entries()].filter(([, status]) => !isTaken(status));
  if (indexed.length === 0) return delivered;
  return {
    status: 'partial',
    rejected: indexed
      .filter(([, status]) => isRefusal(status))
      .map(([index, status]) => ({ index, reason: `line refused with status ${status}` })),
    retry: indexed.filter(([, status]) => !isRefusal(status)).map(([index]) => index),
  };
};

/** The queue behind the ingester has a limit of its own and says so with a 400. */
const saysTooLarge = ({ status, body }: HttpAnswer): boolean => status === 400 && /message size too large/i.test(body);

/** What Mezmo's answer means for a batch of `lines` lines. */
export const classifyIngestAnswer = (answer: HttpAnswer, lines: number, peer: HttpPeer): SendResult => {
  if (saysTooLarge(answer)) return { status: 'split', reason: describeAnswer(answer, peer) };
  if (answer.status === 200 || answer.status === 207) {
    const body = parseJsonAnswer(answer);
    const itemised = verdicts.safeParse(body);
    if (itemised.success && itemised.data.status.length === lines) return itemise(itemised.data.status);
    if (answer.status === 200 && receipt.safeParse(body).success) return delivered;
  }
  return classifyAnswer(answer, peer);
};
