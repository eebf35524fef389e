import type { DropReason } from '../event/drop-reason.ts';
import type { EncodableEvent } from '../event/encode.ts';
import type { Sender } from '../sdk/adapter.ts';
import type { BatchLimits } from '../sdk/batch.ts';
import { type EventDelivery, PartEntry } from './lane-entry.ts';
import { splitEvent } from './split-event.ts';

/** JSON escapes a control character as six bytes: a piece of text can grow that much. */
const worstEscape = 6;

/** Turns events into entries that fit the service, in parts where they must. */
export class EntryMaker {
  readonly #sender: Sender;
  readonly #limits: BatchLimits;

  constructor(sender: Sender, limits: BatchLimits) {
    this.#sender = sender;
    this.#limits = limits;
  }

  /**
   * Makes a delivery ready to be sent, in parts where it must be.
   *
   * @returns why the service can't have it; undefined when it can.
   */
  prepare(delivery: EventDelivery, item: EncodableEvent): DropReason | undefined {
    const text = this.#sender.encode(item);
    if (text === undefined) return 'empty';
    delivery.key = this.#sender.batchKey(item);
    delivery.encoded(text);
    return delivery.bytes <= this.#limits.maxEventBytes ? undefined : this.#split(delivery);
  }

  /** Parts as large as they can be: first as if nothing needed escaping, then smaller until all fit. */
  #split(delivery: EventDelivery): DropReason | undefined {
    const { maxEventBytes } = this.#limits;
    const envelopeBytes = Math.min(Math.ceil(maxEventBytes / 2), 4096);
    for (let divisor = 1; divisor <= worstEscape * 2; divisor += 1) {
      const pieceBytes = Math.floor((maxEventBytes - envelopeBytes) / divisor);
      if (pieceBytes < 4 || delivery.bytes / pieceBytes > 100_000) break;
      const parts = this.#partsOf(delivery, pieceBytes);
      if (parts.length === 0 || parts.some(({ bytes }) => bytes > maxEventBytes)) continue;
      delivery.splitInto(parts);
      return undefined;
    }
    return 'too large';
  }

  /** A part may be blank, where the service takes none such. The key is the whole's: parts have no data to make it of. */
  #partsOf(delivery: EventDelivery, pieceBytes: number): readonly PartEntry[] {
    return splitEvent(delivery.event, pieceBytes).flatMap((part) => {
      const text = this.#sender.encode(part);
      if (text === undefined) return [];
      const entry = new PartEntry(part.event, delivery);
      entry.encoded(text);
      return entry;
    });
  }
}
