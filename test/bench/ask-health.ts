import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { percentile } from './percentile.ts';

// Asks a health page at a steady pace: `node ask-health.ts URL EVERY_MS`. A process of its own, so that what keeps the bench
// busy is not in the figures. A question does not wait for the answer to the one before: a page that is silent for a
// second has many late answers, not one.
const [url = '', everyMs] = process.argv.slice(2);
const connections = new Agent({ keepAlive: true });
const questions: Promise<number>[] = [];

const ask = async (): Promise<number> => {
  const askedMs = performance.now();
  const [response] = await once(get(url, { agent: connections }), 'response');
  await once(response.resume(), 'end');
  return performance.now() - askedMs;
};

const tell = async (): Promise<void> => {
  const answersMs = await Promise.all(questions);
  const [p50Ms, p99Ms, maxMs] = [0.5, 0.99, 1].map((share) => percentile(answersMs, share));
  process.send?.({ answers: answersMs.length, p50Ms, p99Ms, maxMs });
};

const timer = setInterval(() => questions.push(ask()), Number(everyMs));
process.once('message', () => {
  clearInterval(timer);
  void tell();
});
process.once('disconnect', () => process.exit(0));
