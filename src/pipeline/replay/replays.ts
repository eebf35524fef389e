import type { DestinationConfig } from '../../config/config.ts';
import { messageOf } from '../../platform/error.ts';
import type { Logger } from '../../sdk/logger.ts';
import type { Destination, ReadyConfig } from '../destination.ts';
import { planReplay } from './plan-replay.ts';
import { Replay, type ReplayOptions } from './replay.ts';
import { ReplayRefusal } from './replay-refusal.ts';
import type { ReplayMessage, ReplayPlan, ReplayProgress } from './replay-report.ts';
import type { ReplayRequest } from './replay-request.ts';

export interface ReplaysOptions extends Omit<ReplayOptions, 'plan' | 'config' | 'letters' | 'logger'> {
  readonly configs: readonly DestinationConfig[];
  /** Those that run, and those that can't. */
  readonly destinations: () => readonly Destination[];
  readonly logger: (component: string) => Logger;
}

/** How often a replay tells how far it is. */
const tellEveryMs = 1000;

/** The replays of an agent: one at a time, as it has readers and memory of its own; none outlives who asked for it. */
export class Replays {
  readonly #options: ReplaysOptions;
  readonly #running = new Map<string, AbortController>();
  readonly #replays = new Map<string, Replay>();
  readonly #ended = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();

  constructor(options: ReplaysOptions) {
    this.#options = options;
  }

  /** Those that run. */
  get progress(): readonly ReplayProgress[] {
    return Array.from(this.#replays.values(), ({ progress }) => progress);
  }

  /** Memory that they hold, in bytes, as estimated. */
  get heldBytes(): number {
    return [...this.#replays.values()].reduce((sum, { heldBytes }) => sum + heldBytes, 0);
  }

  /**
   * What a request means, and what of it can't be had. Nothing is begun.
   *
   * @throws {ReplayRefusal} when it can't be at all, or not now.
   */
  async plan(request: ReplayRequest, signal: AbortSignal): Promise<ReplayPlan> {
    this.#checkRoom();
    const { source, clock } = this.#options;
    const { lane } = this.#find(request.destination);
    return await planReplay(request, { source, lane, clock }, signal);
  }

  /**
   * Replays, and tells how far it is until it has ended, for whatever reason: `signal`, {@link Replays.cancel}, the agent's
   * end. Who stops listening ends it, too.
   *
   * @throws {ReplayRefusal} when it can't be.
   */
  async *run(request: ReplayRequest, signal: AbortSignal): AsyncGenerator<ReplayMessage> {
    const plan = await this.plan(request, signal);
    this.#checkRoom();
    const ending = new AbortController();
    this.#running.set(request.destination, ending);
    try {
      yield* this.#tell(await this.#open(plan), AbortSignal.any([signal, ending.signal, this.#stop.signal]), ending);
    } finally {
      this.#running.delete(request.destination);
    }
  }

  /** Ends a destination's replay; it tells how it ended. False when there is none. */
  cancel(destination: string): boolean {
    const running = this.#running.get(destination);
    running?.abort(new Error('canceled'));
    return running !== undefined;
  }

  /** Ends all of them, for a reason, and refuses further ones. May be called twice. */
  async close(reason: string): Promise<void> {
    this.#stop.abort(new Error(reason));
    await Promise.allSettled(this.#ended);
  }

  async *#tell(replay: Replay, signal: AbortSignal, ending: AbortController): AsyncGenerator<ReplayMessage> {
    const { destination } = replay.progress.plan;
    this.#replays.set(destination, replay);
    const ended = replay.run(signal).finally(() => this.#replays.delete(destination));
    this.#ended.add(ended);
    // A failure is thrown where it is waited for, below, which is not at every moment.
    ended.catch(() => undefined);
    try {
      const told = new AbortController();
      for (;;) {
        const tick = this.#options.clock.sleep(tellEveryMs, told.signal).then(
          () => undefined,
          () => undefined,
        );
        const finished = await Promise.race([ended, tick]);
        if (finished === undefined) {
          yield { kind: 'progress', progress: replay.progress };
          continue;
        }
        told.abort();
        yield { kind: 'result', result: finished };
        return;
      }
    } finally {
      ending.abort(new Error('nobody listens any more'));
      await ended;
      this.#ended.delete(ended);
    }
  }

  async #open(plan: ReplayPlan): Promise<Replay> {
    const { logger } = this.#options;
    const { config, letters } = this.#find(plan.destination);
    try {
      return await Replay.open({
        ...this.#options,
        plan,
        config,
        letters,
        logger: logger(`${plan.destination} (replay)`),
      });
    } catch (error) {
      throw new ReplayRefusal('impossible', `${plan.destination} can't be sent to: ${messageOf(error)}`);
    }
  }

  #checkRoom(): void {
    if (this.#stop.signal.aborted) throw new ReplayRefusal('busy', messageOf(this.#stop.signal.reason));
    const [running] = this.#running.keys();
    if (running !== undefined) {
      throw new ReplayRefusal('busy', `a replay to ${running} runs already, and there is memory for one at a time`);
    }
  }

  #find(name: string) {
    const { configs, destinations } = this.#options;
    const config = configs.find((each) => each.name === name);
    const destination = destinations().find((each) => each.name === name);
    if (config === undefined)
      throw new ReplayRefusal(
        'unknown',
        `there is no destination ${JSON.stringify(name)}; there is: ${configs.map((each) => each.name).join(', ')}`,
      );
    if (destination?.kind === 'denied')
      throw new ReplayRefusal('impossible', `${name} is denied: ${destination.condition.reason}`);
    if (destination === undefined || config.status !== 'ready')
      throw new ReplayRefusal('impossible', `${name} is not enabled`);
    if (config.adapter.isExclusive === true)
      throw new ReplayRefusal(
        'impossible',
        `${name} is of type ${config.adapter.name}, to which only one can write: to have lines of the past in it, ` +
          'configure another one with "start:"',
      );
    return { config: config satisfies ReadyConfig, lane: destination.lane, letters: destination.letters };
  }
}
