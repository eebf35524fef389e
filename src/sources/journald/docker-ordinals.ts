import type { Loss } from '#sdk';
import { isWrittenByRuntime } from '../../normalize/trusted-writer.ts';
import type { JournalRecord } from './journal-record.ts';

/** Fields by which dockerd counts the lines of a container, besides those that tell dockerd from others. */
export const dockerOrdinalFields: readonly string[] = [
  'CONTAINER_ID_FULL',
  'CONTAINER_LOG_EPOCH',
  'CONTAINER_LOG_ORDINAL',
];

/** One container's lines as dockerd counts them. */
interface Count {
  /** Random, of one run of the container's log driver: its ordinals begin at 1. */
  readonly epoch: string;
  highest: number;
  /** Ordinals passed over and not seen since. */
  missing: number;
  /** When the first of them was passed over: receive time, in microseconds. */
  missingSinceUs: number;
}

/** Containers counted at a time; beyond, the one that was met first is forgotten. */
const maxContainers = 4096;

/**
 * A container's stdout and stderr are counted together and sent by one goroutine each, so that the lines of one may
 * overtake one of the other by as long as a send takes.
 */
const overtakenUs = 1e6;

const ordinalPattern = /^\d{1,15}$/;

/**
 * Finds lines that dockerd (23.0 and newer) handed to journald and that are not in the journal: `CONTAINER_LOG_ORDINAL`
 * rises by one with each entry that dockerd sends for a container, pieces of a long line included (moby,
 * daemon/logger/journald/journald.go). The first entry seen of a container proves nothing.
 */
export class DockerOrdinals {
  readonly #counts = new Map<string, Count>();

  /** What is missing for certain of the record's container, now that the record is there. To be called once per record. */
  lossAt({ fields, position }: JournalRecord): Loss | undefined {
    const ordinal = fields.get('CONTAINER_LOG_ORDINAL');
    if (ordinal === undefined) return undefined;
    const container = fields.get('CONTAINER_ID_FULL');
    const epoch = fields.get('CONTAINER_LOG_EPOCH');
    if (container === undefined || epoch === undefined) return undefined;
    if (!ordinalPattern.test(ordinal) || !isWrittenByRuntime(fields)) return undefined;
    return this.#count(container, epoch, Number.parseInt(ordinal, 10), position.receivedUs);
  }

  #count(container: string, epoch: string, ordinal: number, receivedUs: number): Loss | undefined {
    const count = this.#counts.get(container);
    if (count?.epoch !== epoch) {
      this.#remember(container, { epoch, highest: ordinal, missing: 0, missingSinceUs: 0 });
      return count === undefined ? undefined : lossOf(count);
    }
    const loss = isCertain(count, receivedUs) ? lossOf(count) : undefined;
    if (loss !== undefined) count.missing = 0;
    pass(count, ordinal, receivedUs);
    return loss;
  }

  #remember(container: string, count: Count): void {
    this.#counts.delete(container);
    this.#counts.set(container, count);
    if (this.#counts.size <= maxContainers) return;
    const [oldest] = this.#counts.keys();
    if (oldest !== undefined) this.#counts.delete(oldest);
  }
}

/** The clock may have been set back, too. */
const isCertain = ({ missingSinceUs }: Count, receivedUs: number): boolean =>
  Math.abs(receivedUs - missingSinceUs) >= overtakenUs;

const lossOf = ({ missing }: Count): Loss | undefined =>
  missing === 0 ? undefined : { reason: 'docker ordinals', count: missing, owner: { kind: 'this record' } };

/** Goes on to `ordinal`; a lower one than the highest was overtaken, and is not missing after all. */
const pass = (count: Count, ordinal: number, receivedUs: number): void => {
  if (ordinal <= count.highest) {
    count.missing = Math.max(0, count.missing - 1);
    return;
  }
  if (count.missing === 0) count.missingSinceUs = receivedUs;
  count.missing += ordinal - count.highest - 1;
  count.highest = ordinal;
};
