import {
  CreateLogGroupCommand,
  LogGroupClass,
  PutRetentionPolicyCommand,
  type CreateLogGroupCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { AdapterContext } from '#sdk';
import type { Connection } from './connection.ts';
import type { FailureKind } from './failure-kind.ts';
import { parseFailure, type Failure } from './failure.ts';
import { groupCreationRate } from './limits.ts';
import type { CloudwatchOptions } from './options.ts';
import { Pace } from './pace.ts';

const dayMs = 86_400_000;
/** A group that we created and left without its retention would keep, and cost, for ever. */
const retentionAttempts = 5;
const retentionPauseMs = 2_000;
const passingKinds: ReadonlySet<FailureKind> = new Set([
  'throttled',
  'unavailable',
  'unreachable',
  'conflict',
  'missing',
  'unknown',
]);
const unansweredKinds: ReadonlySet<FailureKind> = new Set(['unavailable', 'unreachable']);
const maxInDoubt = 1_000;

const groupClasses = {
  standard: LogGroupClass.STANDARD,
  infrequent_access: LogGroupClass.INFREQUENT_ACCESS,
  essentials: LogGroupClass.ESSENTIALS,
} as const;

/** Creates log groups, one call per name at a time, and gives retention, tags and class to those that it created. */
export class CreateGroups {
  readonly #options: CloudwatchOptions;
  readonly #context: AdapterContext;
  readonly #connection: Connection;
  readonly #closing: AbortSignal;
  readonly #pace: Pace;
  /** Bounded by the streams that wait for them. */
  readonly #flights = new Map<string, Promise<void>>();
  /** Groups whose creation may have taken effect although no answer said so: found to exist, they are ours. */
  readonly #inDoubt = new Set<string>();

  constructor(options: CloudwatchOptions, context: AdapterContext, connection: Connection, closing: AbortSignal) {
    this.#options = options;
    this.#context = context;
    this.#connection = connection;
    this.#closing = closing;
    this.#pace = new Pace(groupCreationRate, context.clock);
  }

  /**
   * Creates a group; that it exists already is success.
   *
   * @throws the SDK's error when it can't be created.
   */
  create(group: string): Promise<void> {
    const underway = this.#flights.get(group);
    if (underway !== undefined) return underway;
    const flight = this.#create(group).finally(() => this.#flights.delete(group));
    this.#flights.set(group, flight);
    return flight;
  }

  async #create(group: string): Promise<void> {
    const { clock } = this.#context;
    const waitMs = this.#pace.reserve();
    if (waitMs > 0) await clock.sleep(waitMs, this.#closing);
    if (!(await this.#isCreatedByUs(group))) return;
    this.#context.logger.info({ group }, 'created log group');
    await this.#setRetention(group);
    this.#inDoubt.delete(group);
  }

  /** True while a group may be of our making without having got its retention. */
  isInDoubt(group: string): boolean {
    return this.#inDoubt.has(group);
  }

  /** False: it was there before. */
  async #isCreatedByUs(group: string): Promise<boolean> {
    const command = new CreateLogGroupCommand(this.#input(group));
    try {
      await this.#connection.call((client, within) => client.send(command, within), this.#closing);
      return true;
    } catch (error) {
      const { kind } = this.#parse(error);
      if (kind === 'already exists') return this.#inDoubt.has(group);
      if (unansweredKinds.has(kind) && this.#inDoubt.size < maxInDoubt) this.#inDoubt.add(group);
      throw error;
    }
  }

  #input(group: string): CreateLogGroupCommandInput {
    const { tags, kms_key: kmsKeyId, class: groupClass } = this.#options;
    return {
      logGroupName: group,
      ...(tags !== undefined && { tags }),
      ...(kmsKeyId !== undefined && { kmsKeyId }),
      ...(groupClass !== undefined && { logGroupClass: groupClasses[groupClass] }),
    };
  }

  /** Lines are not held back for a retention that can't be set; the log says what to do by hand. */
  async #setRetention(group: string, attempt = 1): Promise<void> {
    if (this.#options.retention === undefined) return;
    const retentionInDays = this.#options.retention / dayMs;
    const command = new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays });
    try {
      await this.#connection.call((client, within) => client.send(command, within), this.#closing);
    } catch (error) {
      const { kind, reason } = this.#parse(error);
      if (attempt === retentionAttempts || !passingKinds.has(kind)) {
        const remedy = `aws logs put-retention-policy --log-group-name ${group} --retention-in-days ${retentionInDays}`;
        this.#context.logger.error({ group, reason, remedy }, 'log group created, but its retention could not be set');
        return;
      }
      await this.#context.clock.sleep(retentionPauseMs, this.#closing);
      await this.#setRetention(group, attempt + 1);
    }
  }

  #parse(error: unknown): Failure {
    return parseFailure(error, this.#context.clock.now());
  }
}
