import { z } from 'zod';
import { QuestionedProcess } from './questioned-process.ts';

const program = new URL('ask-health.ts', import.meta.url);
const everyMs = 20;

const answerTimes = z.strictObject({
  answers: z.int().positive(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
});
const answersMessage = z.tuple([answerTimes, answerTimes]);

/** How long a page took to answer. */
export type AnswerTimes = z.output<typeof answerTimes>;

/** Someone who asks two pages fifty times a second each: one that is measured, and one of an idle process beside it. */
export interface HealthAsker {
  /** Begins to ask, the page that is measured by its URL. */
  begin(measured: string): void;
  /** Ends asking. */
  result(): Promise<readonly [AnswerTimes, AnswerTimes]>;
  close(): void;
}

/**
 * Starts who asks, which is done when it has asked the page that has nothing else to do, for the first time: what its own start
 * takes is in no figure.
 */
export const startHealthAsker = async (idle: string): Promise<HealthAsker> => {
  const process = new QuestionedProcess(program, [String(everyMs), idle]);
  await process.nextMessage();
  return {
    begin: (measured) => process.tell(measured),
    result: async () => answersMessage.parse(await process.ask('end')),
    close: () => process.close(),
  };
};
