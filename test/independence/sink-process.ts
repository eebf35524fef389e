import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { DelayFigures, DelayQuestion } from './arrivals.ts';
import type { Question } from './sink-protocol.ts';

const programs = {
  http: new URL('http-sink.ts', import.meta.url),
  cloudwatch: new URL('cloudwatch-sink.ts', import.meta.url),
} as const;

const readyMessage = z.strictObject({ address: z.string() });
const figure = z.number().nullable();
const delaysMessage = z.strictObject({ events: z.int(), p50Ms: figure, p99Ms: figure, maxMs: figure });
const newestMessage = z.strictObject({ newestMs: z.number() });
const totalsMessage = z.strictObject({ events: z.int(), uniqueIds: z.int() });

/** A service in a process of its own that knows how long lines took to come to it. One question at a time. */
export class SinkProcess {
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.address = address;
  }

  /** Starts one; it ends with this process. */
  static async start(kind: keyof typeof programs, parameters: readonly string[] = []): Promise<SinkProcess> {
    const child = fork(fileURLToPath(programs[kind]), parameters, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [message] = await once(child, 'message');
    return new SinkProcess(child, readyMessage.parse(message).address);
  }

  async delays(question: DelayQuestion): Promise<DelayFigures> {
    const { events, p50Ms, p99Ms, maxMs } = delaysMessage.parse(await this.#ask({ kind: 'delays', ...question }));
    const absent = Number.NaN;
    return { events, p50Ms: p50Ms ?? absent, p99Ms: p99Ms ?? absent, maxMs: maxMs ?? absent };
  }

  /** How long ago journald got the newest line that is here; of a service, or of all but one. */
  async behindMs(which: Pick<DelayQuestion, 'without' | 'only'> = {}): Promise<number> {
    const { newestMs } = newestMessage.parse(await this.#ask({ kind: 'newest', ...which }));
    return Date.now() - newestMs;
  }

  async totals(): Promise<z.infer<typeof totalsMessage>> {
    return totalsMessage.parse(await this.#ask({ kind: 'totals' }));
  }

  /** See `questionSchema`. */
  async setMood(mood: string): Promise<void> {
    await this.#ask({ kind: 'mood', mood });
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }

  async #ask(question: Question): Promise<unknown> {
    const answer = once(this.#child, 'message');
    this.#child.send(question);
    const [message] = await answer;
    return message;
  }
}
