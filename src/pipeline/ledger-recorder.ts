import type { CheckpointStore } from '../checkpoint/store.ts';
import type { HistoryPoint, LedgerHistory } from '../ledger/history.ts';
import type { HistoryStore } from '../ledger/history-store.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/error.ts';
import type { Logger } from '../sdk/logger.ts';

export interface LedgerRecorderOptions {
  /** Names of the destinations whose counters are kept. */
  readonly destinations: readonly string[];
  readonly checkpoints: CheckpointStore;
  readonly histories: HistoryStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How late a new hour may be noticed. */
const tickMs = 60_000;

/**
 * Keeps what the counters were at past moments, for "since yesterday". It takes them from the checkpoints as saved, which
 * no crash can take back.
 */
export class LedgerRecorder {
  readonly #options: LedgerRecorderOptions;
  readonly #histories = new Map<string, LedgerHistory>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #problem: string | undefined;

  constructor(options: LedgerRecorderOptions) {
    this.#options = options;
  }

  /** Begins to record; every destination has a first moment when this resolves. */
  async start(): Promise<void> {
    await this.follow(this.#options.destinations);
    this.#running = this.#loop();
  }

  /** From now on these destinations' counters are kept. */
  async follow(destinations: readonly string[]): Promise<void> {
    for (const known of this.#histories.keys()) if (!destinations.includes(known)) this.#histories.delete(known);
    for (const destination of destinations) if (!this.#histories.has(destination)) await this.#load(destination);
    await this.#record();
  }

  /** May be called twice. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('the recorder is closed'));
    await this.#running;
  }

  /** The counters of a destination at or before a moment; undefined when none are kept. */
  pointBefore(destination: string, atMs: number): HistoryPoint | undefined {
    return this.#histories.get(destination)?.pointBefore(atMs);
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#options.clock.sleep(tickMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.#record();
    }
  }

  async #load(destination: string): Promise<void> {
    const { histories, logger } = this.#options;
    await this.#attempt(async () => {
      const { history, isDamaged } = await histories.load(destination);
      if (isDamaged) logger.warn({ destination }, 'the history of its ledger is damaged and begins anew');
      this.#histories.set(destination, history);
    });
  }

  async #record(): Promise<void> {
    const { checkpoints, histories, clock } = this.#options;
    for (const [destination, history] of this.#histories) {
      const atMs = clock.now();
      if (!history.isDue(atMs)) continue;
      await this.#attempt(async () => {
        const { checkpoint } = await checkpoints.peek(destination);
        history.add({ atMs, services: checkpoint.services });
        await histories.save(destination, history);
        this.#problem = undefined;
      });
    }
  }

  /** Without a history the ledger goes on; it is said once. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const problem = messageOf(error);
      if (problem !== this.#problem) this.#options.logger.warn({}, `no history of the ledger is kept: ${problem}`);
      this.#problem = problem;
    }
  }
}
