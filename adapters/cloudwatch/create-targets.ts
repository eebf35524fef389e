import { CreateLogStreamCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { AdapterContext, SendResult } from '#sdk';
import { classifyCreation } from './classify.ts';
import type { Connection } from './connection.ts';
import { CreateGroups } from './create-groups.ts';
import { TimeoutError, withDeadline } from './deadline.ts';
import { parseFailure } from './failure.ts';
import { streamCreationRate } from './limits.ts';
import { toKey, type Target } from './names.ts';
import type { CloudwatchOptions } from './options.ts';
import { Pace } from './pace.ts';

/** How long a batch waits inside `send` for its own stream. After that its place is better used by another. */
const patienceMs = 1_000;
/** Creations under way or failed and not asked for again. */
const maxFlights = 1_000;

interface Flight {
  /** Monotonic milliseconds until which a batch may wait for it inside `send`. */
  readonly patientUntilMs: number;
  /** Monotonic milliseconds of its turn. */
  readonly dueMs: number;
  readonly outcome: Promise<SendResult | undefined>;
  settled: boolean;
}

/**
 * Creates streams and groups that a put did not find: one creation per name at a time, at a pace below the service's. A
 * batch that would have to wait long is sent back to the lane, so that creation is never in the way of what exists.
 */
export class CreateTargets {
  readonly #options: CloudwatchOptions;
  readonly #context: AdapterContext;
  readonly #connection: Connection;
  readonly #groups: CreateGroups;
  readonly #pace: Pace;
  readonly #flights = new Map<string, Flight>();
  readonly #closing = new AbortController();

  constructor(options: CloudwatchOptions, context: AdapterContext, connection: Connection) {
    this.#options = options;
    this.#context = context;
    this.#connection = connection;
    this.#groups = new CreateGroups(options, context, connection, this.#closing.signal);
    this.#pace = new Pace(streamCreationRate, context.clock);
  }

  /**
   * Sees to it that `target` exists. Undefined: it does; put again. Otherwise what its batch is to do.
   *
   * @throws the signal's reason when it aborts.
   */
  async ensure(target: Target, signal: AbortSignal): Promise<SendResult | undefined> {
    const key = toKey(target);
    const flight = this.#flights.get(key) ?? this.#start(target, key);
    if (flight === undefined) return waiting(`${maxFlights} log streams wait to be created`, patienceMs);
    const outcome = await this.#waitFor(flight, target, signal);
    if (flight.settled) this.#flights.delete(key);
    return outcome;
  }

  close(): void {
    this.#closing.abort();
  }

  async #waitFor(flight: Flight, target: Target, signal: AbortSignal): Promise<SendResult | undefined> {
    if (flight.settled) return flight.outcome;
    const { clock } = this.#context;
    const now = clock.monotonic();
    const notYet = waiting(`log stream ${target.stream} of ${target.group} is being created`, flight.dueMs - now);
    if (flight.dueMs > now || flight.patientUntilMs <= now) return notYet;
    return withDeadline(() => flight.outcome, flight.patientUntilMs - now, clock, signal).catch((error: unknown) => {
      if (error instanceof TimeoutError) return notYet;
      throw error;
    });
  }

  #start(target: Target, key: string): Flight | undefined {
    if (this.#flights.size >= maxFlights && !this.#forgetSettled()) return undefined;
    const waitMs = this.#pace.reserve();
    const dueMs = this.#context.clock.monotonic() + waitMs;
    const outcome = this.#outcome(target, waitMs).then((result) => {
      flight.settled = true;
      // What went well needs no memory; a failure is kept until the batch comes back for it.
      if (result === undefined) this.#flights.delete(key);
      return result;
    });
    const flight: Flight = { patientUntilMs: dueMs + patienceMs, dueMs, outcome, settled: false };
    this.#flights.set(key, flight);
    return flight;
  }

  #forgetSettled(): boolean {
    for (const [key, flight] of this.#flights) {
      if (flight.settled) return this.#flights.delete(key);
    }
    return false;
  }

  async #outcome(target: Target, waitMs: number): Promise<SendResult | undefined> {
    try {
      if (waitMs > 0) await this.#context.clock.sleep(waitMs, this.#closing.signal);
      await this.#create(target);
      return undefined;
    } catch (error) {
      const failure = parseFailure(error, this.#context.clock.now());
      return classifyCreation({
        ...failure,
        reason: `can't create ${target.group}/${target.stream}: ${failure.reason}`,
      });
    }
  }

  /** The stream first: its group exists as a rule. */
  async #create(target: Target): Promise<void> {
    const { group } = target;
    if (!this.#groups.isInDoubt(group) && (await this.#isStreamCreated(target))) return;
    await this.#groups.create(group);
    await this.#createStream(target);
  }

  /** False: its group is missing, and we may create that. */
  async #isStreamCreated(target: Target): Promise<boolean> {
    try {
      await this.#createStream(target);
      return true;
    } catch (error) {
      const isMissing = parseFailure(error, this.#context.clock.now()).kind === 'missing';
      if (!isMissing || this.#options.create !== 'groups_and_streams') throw error;
      return false;
    }
  }

  async #createStream({ group, stream }: Target): Promise<void> {
    const command = new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream });
    try {
      await this.#connection.call((client, within) => client.send(command, within), this.#closing.signal);
      this.#context.logger.debug({ group, stream }, 'created log stream');
    } catch (error) {
      if (parseFailure(error, this.#context.clock.now()).kind !== 'already exists') throw error;
    }
  }
}

const waiting = (reason: string, forMs: number): SendResult => ({
  status: 'retry',
  scope: 'batch',
  reason,
  retryAfterMs: Math.max(Math.ceil(forMs), 0),
});
