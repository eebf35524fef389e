import { z } from 'zod';
import type { LogEvent } from '../../event/event.ts';
import { compileFieldPath, fixedFieldNames, isJournalFieldName } from '../../event/field-path.ts';
import { messageOf } from '../../platform/error.ts';
import { compileLevelOperand } from './level-operand.ts';
import { type CompileOperand, compileOneOf } from './one-of.ts';
import { compileOperand, type Operand } from './operand.ts';
import { describeUnknownField } from './unknown-field.ts';

/** Conditions on an event by field; all must hold. */
export type Match = Readonly<Record<string, Operand | readonly Operand[]>>;

/** Tells whether an event fits. */
export type EventTest = (event: LogEvent) => boolean;

const operandsOf = (value: Operand | readonly Operand[]): readonly Operand[] =>
  typeof value === 'object' && value !== null ? value : [value];

const compileNotNull: CompileOperand = (operand) => {
  if (operand !== null) return compileOperand(operand);
  throw new TypeError('only fields in data can be null; for a missing field write "!*"');
};

const languageOf = (key: string): CompileOperand => {
  if (key === 'level') return compileLevelOperand;
  return key.startsWith('data.') ? compileOperand : compileNotNull;
};

const compileField = (key: string, value: Operand | readonly Operand[]): EventTest => {
  const read = compileFieldPath(key);
  if (read === undefined) throw new TypeError(describeUnknownField(key));
  const fits = compileOneOf(operandsOf(value), languageOf(key));
  return (event) => fits(read(event));
};

/**
 * Compiles a match, once, to a test that takes time linear in the event.
 *
 * @throws {TypeError} for what {@link matchSchema} refuses.
 */
export const compileMatch = (match: Match): EventTest => {
  const tests = Object.entries(match).map(([key, value]) => compileField(key, value));
  return (event) => {
    for (const test of tests) {
      if (!test(event)) return false;
    }
    return true;
  };
};

/** The journal fields that a match reads, so that the source can be asked for them. */
export const fieldsOf = (match: Match): readonly string[] => Object.keys(match).filter(isJournalFieldName);

const operandSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const valueSchema = z
  .union([operandSchema, z.array(operandSchema).min(1)], {
    error:
      'expected a text, number, true, false, null or a list of these; for a field inside another write its path, as "data.status"',
  })
  .describe('glob, /regex/, /regex/i, !not, comparison (>=500, level: >=warn) or exact value; a list means one of');

const checkField = (match: Match, key: string, context: z.RefinementCtx): void => {
  const value = match[key] ?? null;
  const isList = typeof value === 'object' && value !== null;
  for (const [index, operand] of operandsOf(value).entries()) {
    try {
      compileField(key, operand);
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error), path: isList ? [key, index] : [key] });
    }
  }
};

/** The `match` of a rule or route, in the form it is written in. */
export const matchSchema = z
  .object(Object.fromEntries(fixedFieldNames.map((name) => [name, z.exactOptional(valueSchema)])))
  .catchall(valueSchema)
  .superRefine((match, context) => {
    for (const key of Object.keys(match)) checkField(match, key, context);
  })
  .describe('conditions by field; all must hold. Fields by name, dotted paths into data and labels, journal fields');
