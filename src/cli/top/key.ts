/** What a person may press. */
export type Key = 'up' | 'down' | 'first' | 'last' | 'enter' | 'back' | 'sort' | 'pause' | 'help' | 'quit';

/** Escape sequences of cursor keys, in both modes that terminals have (ECMA-48, DEC STD 070), and letters of less and vi. */
const keys: Readonly<Record<string, Key>> = {
  '\u001b[A': 'up',
  '\u001bOA': 'up',
  k: 'up',
  '\u001b[B': 'down',
  '\u001bOB': 'down',
  j: 'down',
  '\u001b[H': 'first',
  '\u001b[1~': 'first',
  g: 'first',
  '\u001b[F': 'last',
  '\u001b[4~': 'last',
  G: 'last',
  '\r': 'enter',
  '\n': 'enter',
  '\u001b': 'back',
  '\u007f': 'back',
  s: 'sort',
  ' ': 'pause',
  '?': 'help',
  h: 'help',
  q: 'quit',
  Q: 'quit',
  /** ^C and ^D, which a terminal in raw mode hands over as they are. */
  '\u0003': 'quit',
  '\u0004': 'quit',
};

/** One key at a time: a control sequence, an escape alone, or a character. */
const presses = /\p{Cc}(?:\[[\d;]*[@-~]|O[A-Z])|./gsu;

/** The keys in what came from a terminal at once; what means nothing here is left out. */
export const keysIn = (input: string): readonly Key[] =>
  (input.match(presses) ?? []).flatMap((press) => (Object.hasOwn(keys, press) ? (keys[press] ?? []) : []));
