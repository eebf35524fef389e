import type { DropReason } from '../event/drop-reason.ts';
import type { EncodableEvent } from '../event/encode.ts';
import type { Sender } from '../sdk/adapter.ts';
import type { BatchLimits } from '../sdk/batch.ts';
import type { EventDelivery, LaneEntry } from './lane-entry.ts';
import { splitEvent } from './split-event.ts';

/** An entry and the batch key it belongs to. */
export interface KeyedEntry {
  readonly key: string;
  readonly entry: LaneEntry;
}

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

  /** The entries of an event, in order, or the reason why the service can't have it. */
  make(item: EncodableEvent, delivery: EventDelivery, timeMs: number): readonly KeyedEntry[] | DropReason {
    const whole = this.#encode(item, delivery, timeMs);
    if (whole === undefined) return 'empty';
    if (whole.entry.bytes <= this.#limits.maxEventBytes) return [whole];
    return this.#makeParts(item, delivery, whole);
  }

  /** Parts as large as they can be: first as if nothing needed escaping, then smaller until all fit. */
  #makeParts(
    item: EncodableEvent,
    delivery: EventDelivery,
    { key, entry: { timeMs, bytes: wholeBytes } }: KeyedEntry,
  ): readonly KeyedEntry[] | DropReason {
    const { maxEventBytes } = this.#limits;
    const envelopeBytes = Math.min(Math.ceil(maxEventBytes / 2), 4096);
    for (let divisor = 1; divisor <= worstEscape * 2; divisor += 1) {
      const pieceBytes = Math.floor((maxEventBytes - envelopeBytes) / divisor);
      if (pieceBytes < 4 || wholeBytes / pieceBytes > 100_000) break;
      // A part may be blank, where the service takes none such.
      const parts = splitEvent(item.event, pieceBytes).flatMap((part) => this.#encode(part, delivery, timeMs) ?? []);
      // The key is the whole's: what it is made of may be in the data, which parts have not.
      if (parts.length > 0 && parts.every(({ entry }) => entry.bytes <= maxEventBytes)) {
        return parts.map(({ entry }) => ({ key, entry }));
      }
    }
    return 'too large';
  }

  #encode(item: EncodableEvent, delivery: EventDelivery, timeMs: number): KeyedEntry | undefined {
    const text = this.#sender.encode(item);
    if (text === undefined) return undefined;
    const entry = { event: item.event, text, bytes: Buffer.byteLength(text), timeMs, delivery };
    return { key: this.#sender.batchKey(item), entry };
  }
}
