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

/** A message that is not valid UTF-8 is cut as bytes, so that each part has its own of them. */
const cutBytes = (base64: string, maxBytes: number): readonly { readonly message: string; readonly raw: string }[] => {
  const bytes = Buffer.from(base64, 'base64');
  const count = Math.ceil(bytes.length / maxBytes);
  return Array.from({ length: count }, (_, at) => {
    const piece = bytes.subarray(at * maxBytes, (at + 1) * maxBytes);
    return { message: piece.toString('utf8'), raw: piece.toString('base64') };
  });
};

/**
 * The event as several, each with a piece of the line as written of at most `pieceBytes`, and what tells them apart:
 * `info.part` and an id of `<id>/<index>`. What the line says of itself (`data`, `info.errors`) is in the pieces.
 */
export const splitEvent = (event: LogEvent, pieceBytes: number): readonly EncodableEvent[] => {
  const { errors: _, raw: invalid, ...info } = event.info;
  const pieces =
    invalid === undefined
      ? cutText(event.raw, pieceBytes).map((message) => ({ message, raw: undefined }))
      : cutBytes(invalid, pieceBytes);
  return pieces.map(({ message, raw }, at) => {
    const part: LogEvent = {
      ...event,
      position: new PartPosition(event.position, at + 1),
      message,
      raw: message,
      data: undefined,
      structured: false,
      info: { ...info, ...(raw !== undefined && { raw }), part: { index: at + 1, count: pieces.length } },
    };
    return { event: part, text: (encoding: Encoding) => encodeEvent(part, encoding) };
  });
};
