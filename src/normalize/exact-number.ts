/** A JSON number as written; `JSON.stringify` writes it as it is. */
interface RawJson {
  readonly rawJSON: string;
}

declare global {
  // Not in TypeScript's library yet: https://github.com/tc39/proposal-json-parse-with-source
  interface JSON {
    rawJSON(text: string): RawJson;
    isRawJSON(value: unknown): value is RawJson;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/** Doubles hold every decimal of 15 digits (IEEE 754 binary64), unless it is too near to zero or to infinity. */
const safeDigits = 15;
const smallestNormal = 2.2250738585072014e-308;

const digitsOf = (source: string): number => source.replace(/[eE].*$/, '').replaceAll(/[-.]/g, '').length;

const isHeld = (source: string, value: number): boolean => {
  if (String(value) === source) return true;
  if (digitsOf(source) > safeDigits || !Number.isFinite(value)) return false;
  return Math.abs(value) >= smallestNormal || /^-?[0.]+(?:[eE]|$)/.test(source);
};

/**
 * `JSON.parse` that rounds nothing: a number that a double can't hold comes as `JSON.rawJSON`. Several times slower than
 * plain `JSON.parse`.
 *
 * @throws {SyntaxError} for what is no JSON.
 */
export const parseExactly = (text: string): unknown =>
  JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && !isHeld(source, value) ? JSON.rawJSON(source) : value,
  );
