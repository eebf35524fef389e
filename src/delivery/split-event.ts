import { encodeEvent, type EncodableEvent, type Encoding } from '../event/encode.ts';
import type { LogEvent } from '../event/event.ts';
import type { RecordPosition } from '../event/record.ts';

/** A part has the event's place and an id of its own. */
class PartPosition implements RecordPosition {
  readonly source: string;
  readonly shard: string;
  readonly receivedUs: number;
  readonly #whole: RecordPosition;
  readonly #index: number;

  constructor(whole: RecordPosition, index: number) {
    this.source = whole.source;
    this.shard = whole.shard;
    this.receivedUs = whole.receivedUs;
    this.#whole = whole;
    this.#index = index;
  }

  cursor(): string {
    return this.#whole.cursor();
  }

  id(): string {
    return `${this.#whole.id()}/${this.#index}`;
  }
}

/** Cuts text into pieces of at most `maxBytes` UTF-8 bytes each, never inside a code point. */
export const cutText = (text: string, maxBytes: number): readonly string[] => {
  const bytes = Buffer.from(text, 'utf8');
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + maxBytes, bytes.length);
    // 10xxxxxx continues a code point.
    while (end < bytes.length && end > start + 1 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    pieces.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return pieces;
};

/**
 * The event as several, each with a piece of the line as written of at most `pieceBytes`, and what tells them apart:
 * `info.part` and an id of `<id>/<index>`.
 */
export const splitEvent = (event: LogEvent, pieceBytes: number): readonly EncodableEvent[] => {
  const pieces = cutText(event.raw, pieceBytes);
  return pieces.map((message, at) => {
    const part: LogEvent = {
      ...event,
      position: new PartPosition(event.position, at + 1),
      message,
      raw: message,
      data: undefined,
      structured: false,
      info: { ...event.info, part: { index: at + 1, count: pieces.length } },
    };
    return { event: part, text: (encoding: Encoding) => encodeEvent(part, encoding) };
  });
};
