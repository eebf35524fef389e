import { z } from 'zod';

/** An event, or a part of one, as a service took it. */
export interface Arrival {
  /** `info.id`: that of its line, with `/k` for a part. */
  readonly id: string;
  /** The id without what names the part. */
  readonly lineId: string;
  readonly part: { readonly index: number; readonly count: number } | undefined;
  readonly message: string;
  /** The bytes of a line that is not valid UTF-8, in base64. */
  readonly raw: string | undefined;
}

const info = z.looseObject({
  id: z.string(),
  part: z.object({ index: z.number(), count: z.number() }).optional(),
  raw: z.string().optional(),
});
const structured = z.looseObject({ info, message: z.string().default('') });
const mezmoLine = z.looseObject({ line: z.string(), meta: z.looseObject({ info }) });

const arrivalOf = ({ id, part, raw }: z.infer<typeof info>, message: string): Arrival => ({
  id,
  lineId: id.split('/', 1)[0] ?? '',
  part,
  message,
  raw,
});

/** Of CloudWatch's messages, and of Loggly's lines, which are the same JSON with a `timestamp`. */
export const fromStructured = (text: string): Arrival => {
  const event = structured.parse(JSON.parse(text));
  return arrivalOf(event.info, event.message);
};

export const fromLogdna = (text: string): Arrival => {
  const { line, meta } = mezmoLine.parse(JSON.parse(text));
  return arrivalOf(meta.info, line);
};
