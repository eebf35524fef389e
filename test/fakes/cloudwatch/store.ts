import { z } from 'zod';
import { retentionDays } from './limits.ts';
import {
  keptBy,
  parsePut,
  rangesOutsideWindow,
  refusedBy,
  type RejectedRanges,
  type RefusedEvent,
} from './put-log-events.ts';
import { brokenConstraint, invalidParameter, ServiceError } from './service-error.ts';
import { checkGroupName, checkStreamName, parseInput } from './validate.ts';

/** An event that the service took. */
export interface ReceivedEvent {
  readonly group: string;
  readonly stream: string;
  readonly timestamp: number;
  readonly message: string;
  /** Rises by one per accepted event, over all streams. */
  readonly acceptedAt: number;
}

export interface FakeGroup {
  retentionInDays: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly logGroupClass: string;
  readonly kmsKeyId: string | undefined;
  readonly streams: Set<string>;
}

const groupShape = z.strictObject({
  logGroupName: z.string(),
  tags: z.record(z.string(), z.string()).default({}),
  logGroupClass: z.enum(['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY', 'ESSENTIALS']).default('STANDARD'),
  kmsKeyId: z.string().optional(),
});
const streamShape = z.strictObject({ logGroupName: z.string(), logStreamName: z.string() });
const retentionShape = z.strictObject({ logGroupName: z.string(), retentionInDays: z.int() });

const noGroup = () => new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
const noStream = () => new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.');
const exists = (what: string) =>
  new ServiceError('ResourceAlreadyExistsException', `The specified log ${what} already exists`);

/** The service without its network: groups, streams and what they took. Every operation throws {@link ServiceError}. */
export class Store {
  readonly groups = new Map<string, FakeGroup>();
  readonly received: ReceivedEvent[] = [];
  readonly refused: RefusedEvent[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  putLogEvents(body: unknown, forcedRanges?: RejectedRanges): object {
    const now = this.#now();
    const { logGroupName, logStreamName, logEvents } = parsePut(body, now);
    const group = this.#group(logGroupName);
    if (!group.streams.has(logStreamName)) throw noStream();
    const ranges = forcedRanges ?? rangesOutsideWindow(logEvents, now, group.retentionInDays);
    const kept = keptBy(logEvents, ranges);
    this.refused.push(...refusedBy(logEvents, ranges));
    for (const { timestamp, message } of kept) {
      const acceptedAt = this.received.length;
      this.received.push({ group: logGroupName, stream: logStreamName, timestamp, message, acceptedAt });
    }
    return {
      // The service leaves the token out where it took nothing.
      ...(kept.length > 0 && { nextSequenceToken: `${this.received.length}` }),
      ...(Object.keys(ranges).length > 0 && { rejectedLogEventsInfo: ranges }),
    };
  }

  createLogGroup(body: unknown): object {
    const { logGroupName, tags, logGroupClass, kmsKeyId } = parseInput(groupShape, body);
    checkGroupName(logGroupName);
    if (logGroupName.startsWith('aws/')) throw invalidParameter('Log groups starting with AWS/ are reserved for AWS.');
    if (this.groups.has(logGroupName)) throw exists('group');
    this.groups.set(logGroupName, { retentionInDays: undefined, tags, logGroupClass, kmsKeyId, streams: new Set() });
    return {};
  }

  createLogStream(body: unknown): object {
    const { logGroupName, logStreamName } = parseInput(streamShape, body);
    checkGroupName(logGroupName);
    checkStreamName(logStreamName);
    const { streams } = this.#group(logGroupName);
    if (streams.has(logStreamName)) throw exists('stream');
    streams.add(logStreamName);
    return {};
  }

  putRetentionPolicy(body: unknown): object {
    const { logGroupName, retentionInDays } = parseInput(retentionShape, body);
    if (!retentionDays.has(retentionInDays)) {
      throw brokenConstraint(`${retentionInDays}`, 'retentionInDays', 'satisfy enum value set: [1, 3, 5, 7, 14, ...]');
    }
    this.#group(logGroupName).retentionInDays = retentionInDays;
    return {};
  }

  #group(name: string): FakeGroup {
    const group = this.groups.get(name);
    if (group === undefined) throw noGroup();
    return group;
  }
}
