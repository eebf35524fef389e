import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { z } from 'zod';
import { percentile } from './percentile.ts';

// Asks two pages at a steady pace: `node ask-health.ts EVERY_MS IDLE_URL`, once it is told the URL of the one that is measured,
// until it is told to end. A process of its own, so that what keeps the bench busy is not in the figures. A question does not wait
// for the answer to the one before: a page that is silent for a second has many late answers, not one.
const [everyMs, idle = ''] = process.argv.slice(2);
const connections = new Agent({ keepAlive: true });

const ask = async (url: string): Promise<number> => {
  const askedMs = performance.now();
  const [response] = await once(get(url, { agent: connections }), 'response');
  await once(response.resume(), 'end');
  return performance.now() - askedMs;
};

const answerTimes = async (questions: readonly Promise<number>[]): Promise<object> => {
  const answersMs = await Promise.all(questions);
  const [p50Ms, p99Ms, maxMs] = [0.5, 0.99, 1].map((share) => percentile(answersMs, share));
  return { answers: answersMs.length, p50Ms, p99Ms, maxMs };
};

const begin = (measured: string): void => {
  const pages = [measured, idle].map((url) => ({ url, questions: [] as Promise<number>[] }));
  const timer = setInterval(() => {
    for (const { url, questions } of pages) questions.push(ask(url));
  }, Number(everyMs));
  process.once('message', () => {
    clearInterval(timer);
    void Promise.all(pages.map(async ({ questions }) => await answerTimes(questions))).then((all) =>
      process.send?.(all),
    );
  });
};

process.once('disconnect', () => process.exit(0));
process.once('message', (measured) => begin(z.string().parse(measured)));
await ask(idle);
process.send?.('ready');
