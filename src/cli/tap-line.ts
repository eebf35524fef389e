import { stripVTControlCharacters } from 'node:util';
import type { JsonValue } from '#sdk';
import type { TapMessage } from '../pipeline/tap-message.ts';
import { printable } from '../platform/printable.ts';
import type { Paint } from './paint.ts';

type ShownEvent = (TapMessage & { kind: 'event' })['event'];

const serviceWidth = 16;
const destinationsWidth = 12;
const levelWidth = 6;
const indent = ' '.repeat(4);
const plainValue = /^[\w.:/@+-]+$/;

const two = (value: number): string => String(value).padStart(2, '0');

/** The time of day where the reader sits. */
const clockTime = (time: string): string => {
  const date = new Date(time);
  const seconds = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};

const paintLevel = (level: ShownEvent['level'], paint: Paint): string => {
  const text = level.padEnd(levelWidth);
  if (level === 'WARN') return paint.warning(text);
  return ['EMERG', 'ALERT', 'CRIT', 'ERROR'].includes(level) ? paint.bad(text) : text;
};

/** Colours of its own are what an honest line has of sequences: they are taken out, anything else is spelt. */
const shown = (text: string): string => printable(stripVTControlCharacters(text).replaceAll('\t', indent));

const showValue = (value: JsonValue): string =>
  typeof value === 'string' && plainValue.test(value) ? value : JSON.stringify(value);

const showData = ({ data = {} }: ShownEvent): string =>
  Object.entries(data)
    .map(([key, value]) => ` ${key}=${showValue(value)}`)
    .join('');

/**
 * An event for people: `HH:MM:SS.mmm LEVEL service destinations message key=value`, what follows of it indented. Nothing
 * in it reaches the terminal as a control sequence.
 *
 * @param showsDestinations whether there is a column for who gets it; `-`: nobody.
 */
export const renderTapped = (message: TapMessage, showsDestinations: boolean, paint: Paint): string => {
  if (message.kind === 'missed') return paint.warning(`... ${message.count} events passed too fast to be shown`);
  const { event, destinations } = message;
  const [first = '', ...rest] = (event.message ?? '').trimEnd().split(/\r\n|\r|\n/);
  const column = printable(destinations.length === 0 ? '-' : destinations.join(',')).padEnd(destinationsWidth);
  const head = [
    paint.faint(clockTime(event.time)),
    paintLevel(event.level, paint),
    printable(event.info.service).padEnd(serviceWidth),
    ...(showsDestinations ? [paint.faint(column)] : []),
    shown(first + showData(event)),
  ].join(' ');
  return [head.trimEnd(), ...rest.map((line) => (indent + shown(line)).trimEnd())].join('\n');
};
