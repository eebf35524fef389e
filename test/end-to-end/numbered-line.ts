import { seededRandom } from '../bench/random.ts';

/** Every way in which a line may look or come; `piecemeal` ones reach the journal as several entries. */
export type Shape =
  | 'plain'
  | 'json'
  | 'ecs-logs'
  | 'coloured'
  | 'carriage return'
  | 'not utf-8'
  | 'long not utf-8'
  | 'several lines'
  | 'over 4 KB'
  | '60 KB'
  | 'empty'
  | 'service output'
  | 'long service output'
  | 'container'
  | 'long container line';

/** Which way a line takes into the journal. */
export type Route = 'native socket' | 'standard output' | 'container';

/** A line of the test, known by its number alone. */
export interface NumberedLine {
  readonly number: number;
  readonly shape: Shape;
  readonly route: Route;
  /** Lines of one writer keep their order: an identifier, or a container's stdout or stderr. */
  readonly writer: string;
  /** As written. */
  readonly bytes: Buffer;
  /** What a destination is to show as its message. */
  readonly text: string;
}

const perHundred: readonly (readonly [number, Shape])[] = [
  [24, 'plain'],
  [12, 'json'],
  [8, 'ecs-logs'],
  [5, 'coloured'],
  [4, 'carriage return'],
  [3, 'not utf-8'],
  [2, 'several lines'],
  [1, 'over 4 KB'],
  [9, 'service output'],
  [2, 'long service output'],
  [29, 'container'],
  [1, 'long container line'],
];
const shapes: readonly Shape[] = perHundred.flatMap(([count, shape]) => Array.from({ length: count }, () => shape));

/** Coprime to 100: neighbours have unlike shapes. */
const stride = 37;

const shapeOf = (number: number): Shape => {
  if (number % 1000 === 400) return '60 KB';
  if (number % 1000 === 700) return 'empty';
  if (number % 1000 === 100) return 'long not utf-8';
  return shapes[(number * stride) % shapes.length] ?? 'plain';
};

const routeOf = (shape: Shape): Route => {
  if (shape === 'service output' || shape === 'long service output') return 'standard output';
  return shape === 'container' || shape === 'long container line' ? 'container' : 'native socket';
};

const containers = ['alpha', 'beta', 'gamma', 'delta'];

const writerOf = (shape: Shape, route: Route, number: number, random: () => number): string => {
  // Lines with a time of their own are sorted by it, so that their place among other lines is not the journal's.
  if (shape === 'ecs-logs') return 'ecs-logs';
  if (route === 'standard output') return `output-${number % 2}`;
  if (route === 'native socket') return `native-${number % 4}`;
  return `${containers[Math.floor(random() * containers.length)]} ${random() < 0.7 ? 'stdout' : 'stderr'}`;
};

/** Letters of one to four bytes, so that cuts fall into the middle of some. */
const letters = ['a', 'b', 'c', 'd', 'e', '\u00e9', '\u20ac', '\u{1f600}'];

const filler = (random: () => number, bytes: number): string => {
  const parts: string[] = [];
  for (let length = 0; length < bytes;) {
    const part = letters[Math.floor(random() * letters.length)] ?? 'a';
    parts.push(part.repeat(7));
    length += Buffer.byteLength(part) * 7;
  }
  return parts.join('');
};

const between = (random: () => number, low: number, high: number): number => low + Math.floor(random() * (high - low));

/** Between the sizes at which journald (here 2 KiB) and docker (16 KiB) cut, and never at a multiple of them. */
const longBytes: Partial<Record<Shape, readonly [number, number]>> = {
  'over 4 KB': [4100, 8000],
  '60 KB': [60_000, 61_000],
  'long not utf-8': [20_000, 21_000],
  'long service output': [2200, 9000],
  'long container line': [16_500, 45_000],
};

const plainText = (mark: string, shape: Shape, random: () => number): string => {
  const [low, high] = longBytes[shape] ?? [5, 120];
  return `${mark} ${shape} ${filler(random, between(random, low, high))}.`;
};

const ecsLogs = (text: string, number: number, startedMs: number): string =>
  JSON.stringify({
    level: 'WARN',
    time: new Date(startedMs + number).toISOString(),
    info: { source: 'main.go:12:serve', host: 'forged' },
    data: { number },
    message: text,
  });

/** What is written for a text; plain for all other shapes. */
const forms: Partial<Record<Shape, (text: string, number: number, startedMs: number) => string>> = {
  json: (text, number) => JSON.stringify({ msg: text, number, nested: { list: [1, 'two', null] } }),
  'ecs-logs': ecsLogs,
  coloured: (text) => `\u001B[31m${text}\u001B[0m`,
  'carriage return': (text) => `${text}\r`,
  'several lines': (text) => `${text}\n\tat second\n\nfourth\n`,
  empty: () => '',
};

/** Whether lines of a shape are valid UTF-8; a destination has the bytes of the others as well. */
export const isUtf8 = (shape: Shape): boolean => shape !== 'not utf-8' && shape !== 'long not utf-8';

/** Lines of these shapes show their text alone. */
const isLifted = (shape: Shape): boolean => shape === 'json' || shape === 'ecs-logs';

const markOf = (number: number): string => `[n=${number}]`;

/** The number that a text carries. */
export const numberIn = (text: string): number | undefined => {
  const number = /\[n=(\d+)\]/.exec(text)?.[1];
  return number === undefined ? undefined : Number(number);
};

/**
 * Line `number` of the test; the same in every process.
 *
 * @param startedMs what lines with a time of their own count from.
 */
export const numberedLine = (number: number, startedMs: number): NumberedLine => {
  const random = seededRandom(number);
  const shape = shapeOf(number);
  const route = routeOf(shape);
  const writer = writerOf(shape, route, number, random);
  const text = plainText(markOf(number), shape, random);
  const written = forms[shape]?.(text, number, startedMs) ?? text;
  const shown = isLifted(shape) ? text : written;
  const line = { number, shape, route, writer };
  if (isUtf8(shape)) return { ...line, bytes: Buffer.from(written), text: shown };
  const bytes = Buffer.concat([Buffer.from(written), Buffer.from([0xff, 0xc3, 0x28, 0x80, 0x00, 0x07])]);
  return { ...line, bytes, text: bytes.toString('utf8') };
};
