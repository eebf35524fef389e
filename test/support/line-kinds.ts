import type { MakeFields } from './journal-lines.ts';

const streams = 200;
const piecesPerLine = 4;

/** How many entries `lines that are open` has before a stream begins its next line. */
export const openPieces = streams * piecesPerLine;

/** Lines of all kinds that cost memory in a way of their own; none is like another. */
export const lineKinds = {
  'small lines': (number) => ({ MESSAGE: `GET /orders/${number} 200 in ${number % 97} ms by worker-${number % 13}` }),
  'small JSON lines': (number) => ({
    MESSAGE: JSON.stringify({
      level: 'info',
      msg: `order ${number} served`,
      status: 200,
      ms: number / 3,
      user: number,
    }),
  }),
  'JSON lines of many members': (number) => ({
    MESSAGE: JSON.stringify(
      Object.fromEntries(
        Array.from({ length: 300 }, (_, at) => [`key${at}`, at % 2 ? at * number : `v${at + number}`]),
      ),
    ),
  }),
  'JSON lines whose members no other has': (number) => ({
    MESSAGE: JSON.stringify(
      Object.fromEntries(
        Array.from({ length: 300 }, (_, at) => [`key${at} ${number}`, at % 2 ? at * number : `v${at}`]),
      ),
    ),
  }),
  'JSON lines of many small objects': (number) => ({
    MESSAGE: `{"n":${number},"list":[${Array.from({ length: 3000 }, () => '{}').join(',')}]}`,
  }),
  'lines of some KiB with a wide character': (number) => ({ MESSAGE: `${number} ${'text '.repeat(600)} \u2019` }),
  'huge lines': (number) => ({ MESSAGE: String(number).padEnd(1_000_000, 'abcdefghij') }),
  'huge lines with a wide character': (number) => ({
    MESSAGE: `${String(number).padEnd(999_990, 'abcdefghij')}\u2019`,
  }),
  'huge JSON lines': (number) => ({ MESSAGE: JSON.stringify({ msg: String(number).padEnd(999_980, 'abcdefghij') }) }),
  'lines that are no text': (number) => ({ MESSAGE: Uint8Array.from({ length: 20_000 }, (_, at) => number + at) }),
  'lines that are open': (number) => {
    const [round, stream] = [Math.floor(number / streams), number % streams];
    const line = Math.floor(round / piecesPerLine);
    return {
      CONTAINER_ID_FULL: String(stream).padStart(64, '0'),
      CONTAINER_PARTIAL_ID: `line ${stream} ${line}`,
      CONTAINER_PARTIAL_ORDINAL: String((round % piecesPerLine) + 1),
      CONTAINER_PARTIAL_LAST: 'false',
      CONTAINER_PARTIAL_MESSAGE: 'true',
      MESSAGE: String(number).padEnd(16_384, 'abcdefghij'),
    };
  },
} satisfies Readonly<Record<string, MakeFields>>;

export type LineKind = keyof typeof lineKinds;
