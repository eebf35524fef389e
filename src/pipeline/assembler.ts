import type { LogEvent } from '../event/event.ts';
import type { Loss } from '../event/loss.ts';
import type { LogRecord } from '../event/record.ts';
import type { Verdict } from '../event/verdict.ts';
import { serviceOfLoss } from '../normalize/loss-service.ts';
import type { Joiner } from '../normalize/join.ts';
import type { Normalizer } from '../normalize/normalize.ts';
import type { Joined } from '../normalize/open-line.ts';
import type { ClosedJoins, JoinedEvent, RecordItem, ServiceLoss } from '../sdk/feed.ts';
import type { EventTap } from './event-tap.ts';
import { SharedEvent, SharedJoinedEvent } from './shared-event.ts';

/** Objects of a record's item and event. */
const objectsBytes = 2048;
/** A line may be held as text, as what was parsed of it, and encoded. */
const mostCopies = 3;
/** A record may close the open line of its stream, and one that it is too late for. */
const closedByRecord = 2;

const none: readonly JoinedEvent[] = [];

const serviceLosses = (losses: readonly Loss[], own: string): readonly ServiceLoss[] =>
  losses.map(({ reason, count, owner }) => ({ reason, count, service: serviceOfLoss(owner, own) }));

/** One feed's way from records to items: join, normalize, judge. */
export class Assembler {
  readonly #joiner: Joiner;
  readonly #normalize: Normalizer;
  readonly #judge: (event: LogEvent) => Verdict;
  readonly #tap: EventTap;
  #lastShard = '';

  /**
   * @param joiner the feed's own: it holds what is open at the feed's position.
   * @param tap shows events as they pass.
   */
  constructor(joiner: Joiner, normalize: Normalizer, judge: (event: LogEvent) => Verdict, tap: EventTap) {
    this.#joiner = joiner;
    this.#normalize = normalize;
    this.#judge = judge;
    this.#tap = tap;
  }

  /** True while a line is open. */
  get holdsPieces(): boolean {
    return this.#joiner.oldestOpenSequence !== undefined;
  }

  /** Memory of the lines that are open, in bytes, as estimated. */
  get openBytes(): number {
    return this.#joiner.openBytes;
  }

  /** What a record may add to what is held, with the lines that it closes; in bytes of memory, about and rather too much. */
  growthOf({ bytes }: LogRecord): number {
    return objectsBytes + mostCopies * (bytes + closedByRecord * this.#joiner.longestBytes);
  }

  /** Receive time of the first record of the line that has been open for longest; undefined when none is. */
  get oldestOpenUs(): number | undefined {
    return this.#joiner.oldestOpenUs;
  }

  assemble(record: LogRecord, sequence: number): RecordItem {
    const { position, bytes, losses } = record;
    this.#lastShard = position.shard;
    const accepted = this.#joiner.accept(record, sequence);
    const own = this.#normalize(record);
    const { service } = own;
    const item: RecordItem = {
      kind: 'record',
      shard: position.shard,
      position,
      sequence,
      service,
      joined: this.#joinedOf(accepted.kind === 'joined' ? [...accepted.closed, accepted.joined] : accepted.closed),
      event: accepted.kind === 'single' ? this.#show(new SharedEvent(own, this.#judge(own))) : undefined,
      bytes,
    };
    return losses === undefined ? item : { ...item, losses: serviceLosses(losses, service) };
  }

  /**
   * Closes a join that the next records would close anyway; to be called until there is none. Only when all there is has been
   * read.
   *
   * @param nowUs the wall clock, in microseconds since the epoch.
   */
  flush(nowUs: number): readonly ClosedJoins[] {
    const closed = this.#joiner.flush(nowUs);
    return closed.length === 0 ? [] : [{ kind: 'joins', shard: this.#lastShard, joined: this.#joinedOf(closed) }];
  }

  #joinedOf(closed: readonly Joined[]): readonly JoinedEvent[] {
    if (closed.length === 0) return none;
    return closed.map(({ record, sequences, complete }) => {
      const event = this.#normalize(record, complete);
      return this.#show(new SharedJoinedEvent(event, this.#judge(event), sequences));
    });
  }

  #show<Shared extends SharedEvent>(shared: Shared): Shared {
    if (this.#tap.isOpen) this.#tap.offer(shared);
    return shared;
  }
}
