import { z } from 'zod';
import {
  classifyAnswer,
  delivered,
  describeAnswer,
  isHtml,
  parseJsonAnswer,
  type HttpAnswer,
  type HttpPeer,
  type SendResult,
} from '#sdk';

const receipt = z.object({ response: z.literal('ok') });

/**
 * What Loggly's answer means for a batch. It judges no content, so that 400 speaks of the address; 200 is believed only
 * with Loggly's own receipt.
 */
export const classifyBulkAnswer = (answer: HttpAnswer, peer: HttpPeer): SendResult => {
  if (answer.status === 200 && receipt.safeParse(parseJsonAnswer(answer)).success) return delivered;
  if (answer.status === 400 && !isHtml(answer)) {
    const reason = `${describeAnswer(answer, peer)}; check \`endpoint\` and \`token\``;
    return { status: 'denied', scope: 'destination', reason };
  }
  return classifyAnswer(answer, peer);
};
