import type { JsonValue, LogEvent } from '#sdk';
import type { Palette } from './palette.ts';
import { printable } from './printable.ts';

const serviceWidth = 16;
type EventError = NonNullable<LogEvent['info']['errors']>[number];

const indent = ' '.repeat(4);
const plainValue = /^[\w.:/@+-]+$/;

const pad = (value: number, width: number): string => String(value).padStart(width, '0');

/** The time of day where the reader sits. */
const clockTime = (timeUs: number): string => {
  const time = new Date(timeUs / 1000);
  const [hours, minutes, seconds] = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return `${pad(hours, 2)}:${pad(minutes, 2)}:${pad(seconds, 2)}.${pad(time.getMilliseconds(), 3)}`;
};

const showValue = (value: JsonValue): string =>
  typeof value === 'string' && plainValue.test(value) ? value : printable(JSON.stringify(value));

const showData = (event: LogEvent, palette: Palette): string =>
  Object.entries(event.data ?? {})
    .map(([key, value]) => ` ${palette.faint(`${printable(key)}=`)}${showValue(value)}`)
    .join('');

const showError = ({ type, error, stack = [] }: EventError): string =>
  [[type, error].filter((part) => part !== undefined).join(': '), ...stack].join('\n');

const lineBreak = /\r\n|\r|\n/;

/**
 * An event for people: `HH:MM:SS.mmm LEVEL service message key=value`, what follows of it indented. Nothing in an event
 * reaches the terminal as a control sequence.
 */
export const renderPretty = (event: LogEvent, palette: Palette): string => {
  const [first = '', ...rest] = event.message.trimEnd().split(lineBreak);
  const service = printable(event.service.replaceAll(/[\r\n\t]/g, ' '));
  const head = [
    palette.faint(clockTime(event.timeUs)),
    palette.level(event.level, event.level.padEnd(6)),
    palette.service(event.service, service.padEnd(serviceWidth)),
    printable(first) + showData(event, palette),
  ].join(' ');
  const errors = (event.info.errors ?? []).flatMap((error) => showError(error).split(lineBreak));
  return [head.trimEnd(), ...[...rest, ...errors].map((line) => (indent + printable(line)).trimEnd())].join('\n');
};
