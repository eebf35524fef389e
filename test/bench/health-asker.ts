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

/** Someone who asks two pages fifty times a second each. */
export interface HealthAsker {
  /** Ends asking. */
  result(): Promise<readonly [AnswerTimes, AnswerTimes]>;
  close(): void;
}

/** Begins to ask the page that is measured, and one that has nothing else to do: what the machine makes of both. */
export const startHealthAsker = (measured: string, idle: string): HealthAsker => {
  const process = new QuestionedProcess(program, [String(everyMs), measured, idle]);
  return {
    result: async () => answersMessage.parse(await process.ask('end')),
    close: () => process.close(),
  };
};
