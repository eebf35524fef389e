import { formatTimeMs, isJsonObject, type EncodableEvent, type Encoding } from '#sdk';

/** The application's own time stays: a key twice in one object means a different one to each reader. */
const hasOwnTimestamp = (raw: string): boolean => {
  if (!raw.includes('"timestamp"')) return false;
  const content: unknown = JSON.parse(raw);
  return isJsonObject(content) && Object.hasOwn(content, 'timestamp');
};

const asOneLine = (raw: string): string | undefined =>
  raw.trim() === '' ? undefined : raw.replaceAll('\r', '\\r').replaceAll('\n', '\\n');

/**
 * An event as one line of a bulk request. JSON gets a `timestamp` at its root, which Loggly takes for the event's time
 * ("Automated Parsing: JSON"). In a line as written, line breaks become `\n`; undefined when it is blank.
 */
export const encodeLine = (item: EncodableEvent, encoding: Encoding): string | undefined => {
  const { event } = item;
  if (encoding === 'message') return asOneLine(event.raw);
  if (encoding === 'merged' && event.structured && hasOwnTimestamp(event.raw)) return item.text(encoding);
  return item.text(encoding, `"timestamp":"${formatTimeMs(event.timeUs)}",`);
};
