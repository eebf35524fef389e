import type { EventRecall, LogEvent } from '../event/event.ts';
import type { Outcome } from '../event/outcome.ts';
import type { RecordPosition } from '../event/record.ts';
import type { BatchEntry } from '../sdk/batch.ts';
import { eventMemory } from '../sdk/event-memory.ts';
import { TextBuffer } from '../sdk/text-buffer.ts';
import type { Claim } from './claim.ts';

/** Whoever accounts for an event's records. */
export interface Settler {
  /** Where the event comes from: the main track, a parked key, the lane itself, or a dead letter that is tried again. */
  readonly kind: 'main' | 'parked' | 'notice' | 'resent';
  /** The event is in the lane's hands from now on. */
  take(delivery: EventDelivery): void;
  /** The event is done: `delivery.outcome` says how. */
  settle(delivery: EventDelivery): void;
}

/** Where a batch keeps what is held of its entries. */
export interface BatchTexts {
  /** What is to be sent. */
  readonly texts: TextBuffer;
  /** The lines as written of events that are made anew of them when they are needed; undefined: events are kept whole. */
  readonly lines: TextBuffer | undefined;
}

/** @param keepsEvents true: no event is made anew of its line. */
export const createBatchTexts = (keepsEvents: boolean): BatchTexts => ({
  texts: new TextBuffer(),
  lines: keepsEvents ? undefined : new TextBuffer(),
});

/** One batch entry: an event, or a part of one. */
export abstract class LaneEntry implements BatchEntry {
  /** The event that it is, or is a part of. */
  abstract readonly delivery: EventDelivery;
  abstract readonly service: string;
  readonly position: RecordPosition;
  bytes: number;
  timeMs: number;
  isRestamped: boolean;
  /** Where its text begins in what it is stored in. */
  start: number;
  /** Its text until that is in a batch's buffer. */
  stored: string | BatchTexts;

  constructor(position: RecordPosition) {
    this.position = position;
    this.bytes = 0;
    this.timeMs = 0;
    this.isRestamped = false;
    this.start = 0;
    this.stored = '';
  }

  get text(): string {
    return typeof this.stored === 'string' ? this.stored : this.stored.texts.read(this.start, this.bytes);
  }

  get texts(): TextBuffer | undefined {
    return typeof this.stored === 'string' ? undefined : this.stored.texts;
  }

  /** What is to be sent of it. */
  encoded(text: string): void {
    this.stored = text;
    this.bytes = Buffer.byteLength(text);
  }

  /** It goes under this time, in milliseconds since the epoch; another one when it waits for too long for the service. */
  stamp(timeMs: number, isRestamped: boolean): void {
    this.timeMs = timeMs;
    this.isRestamped = isRestamped;
  }

  /** Keeps its text in a batch's buffer from now on. */
  storeIn(batch: BatchTexts): void {
    this.start = batch.texts.append(this.text, this.bytes);
    this.stored = batch;
  }

  /** Keeps its text in another buffer from now on, so that the memory of those it was with can go. */
  moveTo(batch: BatchTexts): void {
    const { text } = this;
    this.release();
    this.start = batch.texts.append(text, this.bytes);
    this.stored = batch;
  }

  /** Its text is not needed any more. To be called once. */
  release(): void {
    this.texts?.release();
  }
}

/** A part of an event that was too large for one entry. */
export class PartEntry extends LaneEntry {
  readonly delivery: EventDelivery;

  /** @param part the event that the part is by itself. */
  constructor(part: LogEvent, delivery: EventDelivery) {
    super(part.position);
    this.delivery = delivery;
    this.stamp(delivery.timeMs, delivery.isRestamped);
  }

  get service(): string {
    return this.delivery.service;
  }
}

/** How an event fares that is not simply delivered in one piece. */
interface Course {
  parts: readonly PartEntry[] | undefined;
  partsLeft: number;
  /** The worst outcome of its parts so far. */
  outcome: Outcome;
  /** The service's own word on that outcome. */
  answer: string;
}

/** What a delivery that waits takes besides its texts: its numbers, and its record's place in the source. */
const deliveryBytes = 256;
/** In place of where a line begins: it is the text itself, which is not kept twice. */
const isText = -1;
/** What a part of an event costs besides its text. */
const partBytes = 512;

/** An event's way through a lane. It is its own batch entry, unless it was too large for one. */
export class EventDelivery extends LaneEntry {
  /** All its records; what comes from no feed has none. */
  readonly claim: Claim;
  /** Another one when its key is set aside while it is in the lane. */
  settler: Settler;
  /** The batch key; empty until it is to be sent. */
  key: string;
  /** The event; once it is stored, what that is made anew of, where it can be. */
  origin: LogEvent | EventRecall;
  /** Where its line begins, if it is to be made anew; {@link isText} where that is what is sent. */
  lineStart: number;
  lineBytes: number;
  #course: Course | undefined;

  constructor(origin: LogEvent | EventRecall, position: RecordPosition, claim: Claim, settler: Settler) {
    super(position);
    this.claim = claim;
    this.settler = settler;
    this.key = '';
    this.origin = origin;
    this.lineStart = isText;
    this.lineBytes = 0;
    this.#course = undefined;
  }

  static of(event: LogEvent, claim: Claim, settler: Settler): EventDelivery {
    return new EventDelivery(event, event.position, claim, settler);
  }

  get delivery(): this {
    return this;
  }

  get service(): string {
    return this.origin.service;
  }

  /** Made anew where it is not kept; not to be asked for once it was released. */
  get event(): LogEvent {
    if (!('remake' in this.origin)) return this.origin;
    return this.origin.remake(this.#line ?? this.text, this.position);
  }

  /** Undefined where it is not kept apart from what is sent. */
  get #line(): string | undefined {
    if (this.lineStart === isText || typeof this.stored === 'string') return undefined;
    return this.stored.lines?.read(this.lineStart, this.lineBytes);
  }

  /** Memory that it holds while it waits, in bytes, as estimated. */
  get heldBytes(): number {
    if ('remake' in this.origin) return deliveryBytes + this.bytes + this.lineBytes;
    // Each part is an event with a piece of the line of its own.
    const parts = this.parts?.reduce((sum, { bytes }) => sum + partBytes + 2 * bytes, 0);
    return eventMemory(this.origin) + (parts ?? this.bytes);
  }

  get parts(): readonly PartEntry[] | undefined {
    return this.#course?.parts;
  }

  /** Entries of it that are not done. */
  get partsLeft(): number {
    return this.#course?.partsLeft ?? 1;
  }

  get outcome(): Outcome {
    return this.#course?.outcome ?? 'delivered';
  }

  get answer(): string {
    return this.#course?.answer ?? '';
  }

  override storeIn(batch: BatchTexts): void {
    if (batch.lines !== undefined && !('remake' in this.origin) && this.origin.recall !== undefined) {
      this.#storeLine(this.origin.raw, batch.lines);
      this.origin = this.origin.recall;
    }
    super.storeIn(batch);
  }

  override moveTo(batch: BatchTexts): void {
    const line = this.#line;
    super.moveTo(batch);
    if (line !== undefined) this.lineStart = batch.lines?.append(line, this.lineBytes) ?? isText;
  }

  override release(): void {
    if (this.lineStart !== isText && typeof this.stored !== 'string') this.stored.lines?.release();
    super.release();
  }

  /** It is sent in parts, and its own text is not needed any more. */
  splitInto(parts: readonly PartEntry[]): void {
    this.encoded('');
    this.#course = { parts, partsLeft: parts.length, outcome: 'delivered', answer: '' };
  }

  /** What is to be sent of it. */
  get entries(): readonly LaneEntry[] {
    return this.parts ?? [this];
  }

  /**
   * One entry of it is done.
   *
   * @returns true when all are.
   */
  entryDone(outcome: Outcome, answer: string): boolean {
    if (outcome === 'delivered' && this.#course === undefined) return true;
    const course = (this.#course ??= { parts: undefined, partsLeft: 1, outcome, answer });
    course.partsLeft -= 1;
    if (outcome !== 'delivered') {
      course.outcome = outcome;
      course.answer = answer;
    }
    return course.partsLeft === 0;
  }

  /** Ends it without its being sent. */
  settleAs(outcome: Outcome): void {
    this.#course = { parts: this.parts, partsLeft: 0, outcome, answer: this.answer };
    this.settler.settle(this);
  }

  #storeLine(line: string, lines: TextBuffer): void {
    if (this.text === line) return;
    this.lineBytes = Buffer.byteLength(line);
    this.lineStart = lines.append(line, this.lineBytes);
  }
}
