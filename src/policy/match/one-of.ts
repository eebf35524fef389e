import type { Operand, ValueTest } from './operand.ts';

const isNegated = (operand: Operand): operand is string => typeof operand === 'string' && operand.startsWith('!');

const withoutBang = (operand: string): string => {
  const rest = operand.slice(1);
  if (rest !== '' && !rest.startsWith('!')) return rest;
  throw new TypeError('after "!" comes what must not match, as "!nginx"; "!*" fits where the field is missing');
};

/** Compiles one operand of a field, its `!` aside, in the language of that field. */
export type CompileOperand = (operand: Operand) => ValueTest;

/**
 * Compiles the operands of one field: it fits when one of those without `!` does (or there are none), and none of those
 * with `!`.
 *
 * @throws {TypeError} as `compile` does, and for a `!` without an operand.
 */
export const compileOneOf = (operands: readonly Operand[], compile: CompileOperand): ValueTest => {
  const wanted = operands.filter((operand) => !isNegated(operand)).map(compile);
  const unwanted = operands.filter(isNegated).map((operand) => compile(withoutBang(operand)));
  const [only] = wanted;
  if (only !== undefined && wanted.length === 1 && unwanted.length === 0) return only;
  return (value) =>
    (wanted.length === 0 || wanted.some((test) => test(value))) && !unwanted.some((test) => test(value));
};
