import { z } from 'zod';
import type { TimedArrivals } from './arrivals.ts';

const span = { without: z.string().optional(), only: z.string().optional() };

/** What a sink is told and asked. */
export const questionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delays'), fromMs: z.number(), toMs: z.number(), ...span }),
  z.strictObject({ kind: z.literal('newest'), ...span }),
  z.strictObject({ kind: z.literal('totals') }),
  /** `sound`, `silent` (takes connections and never answers), or the name of a group that is denied. */
  z.strictObject({ kind: z.literal('mood'), mood: z.string() }),
]);

export type Question = z.infer<typeof questionSchema>;

const answerTo = (arrivals: TimedArrivals, question: Exclude<Question, { kind: 'mood' }>): unknown => {
  switch (question.kind) {
    case 'delays':
      return arrivals.delays(question as Parameters<TimedArrivals['delays']>[0]);
    case 'newest':
      return { newestMs: arrivals.newestMs(question as Parameters<TimedArrivals['newestMs']>[0]) };
    case 'totals':
      return arrivals.totals;
  }
};

/** Answers the process that started this one, and ends with it. */
export const serveArrivals = (address: string, arrivals: TimedArrivals, setMood: (mood: string) => void): void => {
  process.on('message', (message) => {
    const question = questionSchema.parse(message);
    if (question.kind === 'mood') setMood(question.mood);
    process.send?.(question.kind === 'mood' ? {} : answerTo(arrivals, question));
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.({ address });
};
