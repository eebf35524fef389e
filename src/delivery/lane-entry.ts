import type { LogEvent } from '../event/event.ts';
import type { Outcome } from '../event/outcome.ts';
import type { BatchEntry } from '../sdk/batch.ts';
import { eventMemory } from '../sdk/event-memory.ts';
import type { TextBuffer } from '../sdk/text-buffer.ts';
import type { Claim } from './claim.ts';
import type { KeyLoad, Loaded } from './key-loads.ts';

/** Whoever accounts for an event's records. */
export interface Settler {
  /** Where the event comes from: the main track, a parked key, the lane itself, or a dead letter that is tried again. */
  readonly kind: 'main' | 'parked' | 'notice' | 'resent';
  /** The event is in the lane's hands from now on. */
  take(delivery: EventDelivery): void;
  /** The event is done: `delivery.outcome` says how. */
  settle(delivery: EventDelivery): void;
}

/** One batch entry: an event, or a part of one. */
export abstract class LaneEntry implements BatchEntry {
  readonly event: LogEvent;
  /** The event that it is, or is a part of. */
  abstract readonly delivery: EventDelivery;
  bytes = 0;
  /** Another one when it has to wait for longer than the service takes lines that are so old. */
  timeMs = 0;
  /** Where its text is once it is in a batch. */
  texts: TextBuffer | undefined;
  start = 0;
  #text = '';

  constructor(event: LogEvent) {
    this.event = event;
  }

  get text(): string {
    return this.texts?.read(this.start, this.bytes) ?? this.#text;
  }

  /** What is to be sent of it, and the time in milliseconds since the epoch to send it under. */
  encoded(text: string, timeMs: number): void {
    this.#text = text;
    this.bytes = Buffer.byteLength(text);
    this.timeMs = timeMs;
  }

  /** Keeps its text in a buffer from now on. */
  storeIn(texts: TextBuffer): void {
    this.start = texts.append(this.#text, this.bytes);
    this.texts = texts;
    this.#text = '';
  }

  /** Its text is not needed any more. To be called once. */
  release(): void {
    this.texts?.release();
  }
}

/** A part of an event that was too large for one entry. */
export class PartEntry extends LaneEntry {
  readonly delivery: EventDelivery;

  constructor(event: LogEvent, delivery: EventDelivery) {
    super(event);
    this.delivery = delivery;
  }
}

/** An event's way through a lane. It is its own batch entry, unless it was too large for one. */
export class EventDelivery extends LaneEntry implements Loaded<EventDelivery> {
  /** All its records; what comes from no feed has none. */
  readonly claim: Claim;
  /** Another one when its key is set aside while it is in the lane. */
  settler: Settler;
  /** The batch key; empty until it is to be sent. */
  key = '';
  /** Set where it was too large for one entry. */
  parts: readonly PartEntry[] | undefined;
  partsLeft = 1;
  /** Memory that it holds while it is in the lane, in bytes. */
  heldBytes: number;
  /** The worst outcome of its parts so far. */
  outcome: Outcome = 'delivered';
  /** The service's own word on that outcome. */
  answer = '';
  load: KeyLoad<EventDelivery> | undefined;
  previous: EventDelivery | undefined;
  next: EventDelivery | undefined;

  constructor(event: LogEvent, claim: Claim, settler: Settler) {
    super(event);
    this.claim = claim;
    this.settler = settler;
    this.heldBytes = eventMemory(event);
  }

  get delivery(): this {
    return this;
  }

  /** It is sent in parts, and its own text is not needed any more. */
  splitInto(parts: readonly PartEntry[]): void {
    this.encoded('', this.timeMs);
    this.parts = parts;
    this.partsLeft = parts.length;
  }

  /** What is to be sent of it. */
  get entries(): readonly LaneEntry[] {
    return this.parts ?? [this];
  }

  /** Ends it without its being sent. */
  settleAs(outcome: Outcome): void {
    this.outcome = outcome;
    this.settler.settle(this);
  }
}
