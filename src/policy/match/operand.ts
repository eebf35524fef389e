import { isJsonObject, type JsonValue } from '../../event/json.ts';
import { compare, parseComparison } from './comparison.ts';
import { compileGlob, type TextTest } from './glob.ts';
import { compileRegex } from './regex.ts';

/** One value that a field is compared with, as it is written in the configuration. */
export type Operand = string | number | boolean | null;

/** Tells whether a field's value fits; a missing one (undefined) never does. */
export type ValueTest = (value: JsonValue | undefined) => boolean;

const numeral = /^[+-]?\d{1,30}(?:\.\d{1,30})?(?:e[+-]?\d{1,3})?$/i;

/** Journal fields are texts, also where they hold numbers. NaN, which equals nothing, for what is no number. */
const numberOf = (value: JsonValue | undefined): number => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && numeral.test(value) ? Number(value) : Number.NaN;
};

const onText =
  (test: TextTest): ValueTest =>
  (value) => {
    if (typeof value === 'string') return test(value);
    return (typeof value === 'number' || typeof value === 'boolean') && test(String(value));
  };

const compileText = (text: string): ValueTest => {
  const comparison = parseComparison(text);
  if (comparison === undefined) return onText(compileRegex(text) ?? compileGlob(text));
  const { operator, operand } = comparison;
  const limit = numberOf(operand);
  if (Number.isNaN(limit)) {
    throw new TypeError(
      `after ${JSON.stringify(operator)} comes a number, not ${JSON.stringify(operand)}; a text that begins so needs a /regex/`,
    );
  }
  return (value) => compare(numberOf(value), operator, limit);
};

const compileScalar = (operand: Operand): ValueTest => {
  if (typeof operand === 'string') return compileText(operand);
  if (typeof operand === 'number') return (value) => numberOf(value) === operand;
  if (operand === null) return (value) => value === null;
  return onText((text) => text === String(operand));
};

/**
 * Compiles one value: a glob, `/regex/`, a comparison (`>=500`) or a number, boolean or null to be equal to. A list in an
 * event's `data` fits when one of its items does; an object never does.
 *
 * @throws {TypeError} when it makes no sense, saying why.
 */
export const compileOperand = (operand: Operand): ValueTest => {
  const fits = compileScalar(operand);
  return (value) => {
    if (typeof value !== 'object' || value === null) return fits(value);
    return !isJsonObject(value) && value.some((item) => fits(item));
  };
};
