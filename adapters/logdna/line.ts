import {
  formatTimeUs,
  type EncodableEvent,
  type Encoding,
  type JsonObject,
  type Level,
  type LogEvent,
  type Template,
} from '#sdk';
import { toName } from './names.ts';

/** Mezmo's own levels; the event's is in `meta` where it says more. */
const levelNames: Readonly<Record<Level, string>> = {
  EMERG: 'FATAL',
  ALERT: 'FATAL',
  CRIT: 'FATAL',
  ERROR: 'ERROR',
  WARN: 'WARN',
  NOTICE: 'INFO',
  INFO: 'INFO',
  DEBUG: 'DEBUG',
};

/** We know nothing below DEBUG, but normalization keeps the word of an application that does. */
const levelOf = ({ level, data }: LogEvent): string => {
  const word = level === 'DEBUG' ? data?.['level'] : undefined;
  return typeof word === 'string' && word.toUpperCase() === 'TRACE' ? 'TRACE' : levelNames[level];
};

/** What is shown as the line, and what is searchable beside it. */
interface Content {
  readonly line: string;
  readonly meta?: object;
}

const metaOf = (event: LogEvent, data: JsonObject | undefined): object => ({
  level: event.level,
  time: formatTimeUs(event.timeUs),
  info: { id: event.position.id(), service: event.service, stream: event.stream, ...event.info },
  data,
});

/** A line without text is not kept by Mezmo, so an event that has only data shows it as the line. */
const structured = (event: LogEvent): Content | undefined => {
  if (event.message.trim() !== '') return { line: event.message, meta: metaOf(event, event.data) };
  if (event.structured) return { line: event.raw, meta: metaOf(event, undefined) };
  return event.data === undefined ? undefined : { line: JSON.stringify(event.data), meta: metaOf(event, undefined) };
};

const contentOf = (item: EncodableEvent, encoding: Encoding): Content | undefined => {
  const { event } = item;
  switch (encoding) {
    case 'structured':
      return structured(event);
    case 'merged':
      return { line: item.text('merged') };
    case 'message':
      return event.raw.trim() === '' ? undefined : { line: event.raw, meta: { info: { id: event.position.id() } } };
  }
};

/** How the names of a line are made. */
export interface LineNames {
  readonly app: Template;
  readonly env: Template;
}

/**
 * The JSON of one line but for its timestamp, which is known only when it is sent; undefined when there is nothing to show.
 */
export const encodeLine = (item: EncodableEvent, encoding: Encoding, names: LineNames): string | undefined => {
  const content = contentOf(item, encoding);
  if (content === undefined) return undefined;
  const { event } = item;
  return JSON.stringify({
    line: content.line,
    app: toName(names.app.render(event)) || undefined,
    env: toName(names.env.render(event)) || undefined,
    level: levelOf(event),
    meta: content.meta,
  });
};

/** An encoded line with its timestamp. */
export const stampLine = (text: string, timeMs: number): string => `{"timestamp":${timeMs},${text.slice(1)}`;
