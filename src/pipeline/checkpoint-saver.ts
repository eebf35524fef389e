import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointStore } from '../checkpoint/store.ts';
import type { Lane } from '../delivery/lane.ts';
import type { Account } from '../ledger/account.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/error.ts';
import type { Logger } from '../sdk/logger.ts';

export interface CheckpointSaverOptions {
  readonly store: CheckpointStore;
  readonly lane: Lane;
  readonly account: Account;
  readonly source: string;
  readonly keyedBy: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** At most this much is settled again after a crash, besides what was in flight. */
const saveEveryMs = 1000;
/** Of preparing a state while others have their turns: more than a lane that is stuck needs. */
const mostTurns = 100;

/** Saves one lane's checkpoint every second in which something settled. A full disk delays saving, never delivery. */
export class CheckpointSaver {
  readonly #options: CheckpointSaverOptions;
  readonly #stop = new AbortController();
  #saved = '';
  #problem: string | undefined;
  #running: Promise<void> | undefined;

  constructor(options: CheckpointSaverOptions) {
    this.#options = options;
  }

  /** Why the last attempt to save failed; undefined when it did not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Saves at once, so that where the lane began is known whatever happens, and then every second. */
  async start(): Promise<void> {
    const first = this.#save();
    this.#running = first.then(() => this.#loop());
    await first;
  }

  /** Saves a last time. May be called twice. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('the saver is closed'));
    await this.#running;
    await this.#save();
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#options.clock.sleep(saveEveryMs, signal).catch(() => undefined);
      if (!signal.aborted) await this.#save();
    }
  }

  async #save(): Promise<void> {
    const { store, logger, lane } = this.#options;
    for (let turns = 0; turns < mostTurns && lane.prepareStates(); turns += 1) await nextTurn();
    const checkpoint = this.#checkpoint();
    const fingerprint = JSON.stringify(checkpoint);
    if (fingerprint === this.#saved) return;
    try {
      await store.save(checkpoint);
      this.#saved = fingerprint;
      if (this.#problem !== undefined) logger.info({ destination: lane.name }, 'checkpoints are saved again');
      this.#problem = undefined;
    } catch (error) {
      const problem = messageOf(error);
      const message = `checkpoint can't be saved, lines since the last one will be sent again after a restart: ${problem}`;
      if (this.#problem !== problem) logger.error({ destination: lane.name }, message);
      this.#problem = problem;
    }
  }

  /** All of one moment: nothing may be awaited in between. */
  #checkpoint(): Checkpoint {
    const { lane, account, source, keyedBy } = this.#options;
    return {
      destination: lane.name,
      cursors: { [source]: lane.main.states() },
      keyedBy,
      parked: lane.parkedStates(),
      skips: lane.skipStates(),
      services: account.covered(),
    };
  }
}
