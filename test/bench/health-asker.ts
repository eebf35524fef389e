import { z } from 'zod';
import { QuestionedProcess } from './questioned-process.ts';

const program = new URL('ask-health.ts', import.meta.url);
const everyMs = 20;

const answersMessage = z.strictObject({
  answers: z.int().positive(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
});

/** How long a page took to answer. */
export type AnswerTimes = z.output<typeof answersMessage>;

/** Someone who asks a health page fifty times a second. */
export interface HealthAsker {
  /** Ends asking. */
  result(): Promise<AnswerTimes>;
  close(): void;
}

/** Begins to ask `url`. */
export const startHealthAsker = (url: string): HealthAsker => {
  const process = new QuestionedProcess(program, [url, String(everyMs)]);
  return {
    result: async () => answersMessage.parse(await process.ask('end')),
    close: () => process.close(),
  };
};
