/** What the tokens of a JSON text tell before it is parsed. Of no meaning when the text is not JSON. */
export interface JsonOutline {
  /** How many members all its objects have as written, repeated names included. */
  readonly members: number;
  /** Objects and arrays. */
  readonly containers: number;
  /** Commas between what they hold. */
  readonly commas: number;
  /** How deep objects and arrays are nested. */
  readonly depth: number;
  /** Whether there is a number that a double may not hold. */
  readonly longNumbers: boolean;
}

const quote = 0x22;
const plus = 0x2b;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const comma = 0x2c;
const bracketOpen = 0x5b;
const backslash = 0x5c;
const bracketClose = 0x5d;
const braceOpen = 0x7b;
const braceClose = 0x7d;
/** Sets the bit by which lower case differs. */
const lowerCaseBit = 0x20;
const letterE = 0x65;

/** Doubles hold every decimal of 15 digits (IEEE 754 binary64). */
const safeDigits = 15;

const endOfString = (text: string, from: number): number => {
  let at = from;
  for (let code = text.charCodeAt(at); code !== quote && at < text.length; code = text.charCodeAt(at)) {
    at += code === backslash ? 2 : 1;
  }
  return at;
};

const isNumberCode = (code: number): boolean =>
  (code >= zero && code <= nine) || code === point || code === plus || code === minus;

/** One pass over the text, without allocation: cheaper than finding out from the parsed value. */
export const outlineJson = (text: string): JsonOutline => {
  let members = 0;
  let containers = 0;
  let commas = 0;
  let open = 0;
  let depth = 0;
  let longNumbers = false;
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at + 1);
    } else if (isNumberCode(code)) {
      digits += 1;
      if (digits > safeDigits) longNumbers = true;
      continue;
    } else if (code === colon) {
      members += 1;
    } else if (code === comma) {
      commas += 1;
    } else if (code === braceOpen || code === bracketOpen) {
      open += 1;
      containers += 1;
      if (open > depth) depth = open;
    } else if (code === braceClose || code === bracketClose) {
      open -= 1;
    } else if (digits > 0 && (code | lowerCaseBit) === letterE) {
      longNumbers = true;
    }
    digits = 0;
  }
  return { members, containers, commas, depth, longNumbers };
};
