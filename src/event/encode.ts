import { type EventInfo, isSharedInfo, type LogEvent } from './event.ts';
import { isJsonObject } from './json.ts';
import { formatTimeUs } from './time.ts';

/**
 * How an event is written for a destination: `structured` is the ecs-logs schema; `merged` keeps the application's own
 * JSON at the root and adds ours under `_sluice`; `message` is the line as written.
 */
export const encodings = ['structured', 'merged', 'message'] as const;

export type Encoding = (typeof encodings)[number];

/** An event with its texts: each encoding is made once and shared by all lanes. */
export interface EncodableEvent {
  readonly event: LogEvent;
  /** @param front a member to begin with where the encoding is an object, with the comma behind it. */
  text(encoding: Encoding, front?: string): string;
}

interface EncodedOrigin {
  readonly service: string;
  readonly stream: string;
  readonly text: string;
}

/** Events of one origin share their `info`, and what it looks like. */
const encodedOrigins = new WeakMap<EventInfo, EncodedOrigin>();

/** The members `service`, `stream` and those of `info`, with the brace that closes them. */
const encodeOrigin = (event: LogEvent): string => {
  const { service, stream, info } = event;
  const known = encodedOrigins.get(info);
  if (known?.service === service && known.stream === stream) return known.text;
  const text = JSON.stringify({ service, stream, ...info }).slice(1);
  if (isSharedInfo(info)) encodedOrigins.set(info, { service, stream, text });
  return text;
};

const encodeStructured = (event: LogEvent, front: string): string => {
  const { level, message, data } = event;
  const id = event.position.id();
  const head = `{${front}"level":"${level}","time":"${formatTimeUs(event.timeUs)}","info":{"id":"${id}",${encodeOrigin(event)}`;
  const dataMember = data === undefined ? '' : `,"data":${JSON.stringify(data)}`;
  return `${head}${dataMember}${message === '' ? '' : `,"message":${JSON.stringify(message)}`}}`;
};

/** Between the tokens of valid JSON a line break is only white space; in NDJSON it would end the event. */
const onOneLine = (json: string): string => (/[\r\n]/.test(json) ? json.replaceAll(/[\r\n]+/g, ' ') : json);

const encodeMerged = (event: LogEvent, front: string): string => {
  const { level } = event;
  const id = event.position.id();
  const ours = `{"id":"${id}","level":"${level}","time":"${formatTimeUs(event.timeUs)}",${encodeOrigin(event)}`;
  if (!event.structured) return `{${front}"message":${JSON.stringify(event.message)},"_sluice":${ours}}`;
  const own = onOneLine(event.raw).trim().slice(1, -1).trimEnd();
  return own === '' ? `{${front}"_sluice":${ours}}` : `{${front}${own},"_sluice":${ours}}`;
};

/**
 * A line in CloudWatch's embedded metric format: an object with `_aws.CloudWatchMetrics` at its root. Its meaning is in
 * its exact shape, so that destinations that understand it get it as written.
 */
export const isEmbeddedMetric = (event: LogEvent): boolean => {
  const metadata = event.structured ? event.data?.['_aws'] : undefined;
  return isJsonObject(metadata) && Array.isArray(metadata['CloudWatchMetrics']);
};

/** @param front a member to begin with where the encoding is an object, with the comma behind it. */
export const encodeEvent = (event: LogEvent, encoding: Encoding, front = ''): string => {
  switch (encoding) {
    case 'structured':
      return encodeStructured(event, front);
    case 'merged':
      return encodeMerged(event, front);
    case 'message':
      return event.raw;
  }
};
