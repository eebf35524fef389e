import { levels, severityOf } from '../../event/level.ts';
import { parseLevelName } from '../level-name.ts';
import { compare, parseComparison } from './comparison.ts';
import type { Operand, ValueTest } from './operand.ts';

/**
 * Compiles a level: a bare name is equality, `>=warn` at least as severe, `<warn` less severe.
 *
 * @throws {TypeError} when there is no such level.
 */
export const compileLevelOperand = (operand: Operand): ValueTest => {
  if (typeof operand !== 'string') {
    throw new TypeError('a level is a name, as "warn", or a comparison with one, as ">=warn" (at least as severe)');
  }
  const comparison = parseComparison(operand);
  if (comparison === undefined) {
    const wanted = parseLevelName(operand);
    return (value) => value === wanted;
  }
  const limit = -severityOf(parseLevelName(comparison.operand));
  const wanted = new Set<unknown>(levels.filter((level) => compare(-severityOf(level), comparison.operator, limit)));
  return (value) => wanted.has(value);
};
