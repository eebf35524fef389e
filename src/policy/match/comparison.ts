/** The operators of comparisons, as they are written. */
export type Operator = '>=' | '<=' | '>' | '<';

/** What a text that begins with an operator says; undefined for other texts. */
export interface Comparison {
  readonly operator: Operator;
  readonly operand: string;
}

const isOperator = (text: string | undefined): text is Operator =>
  text === '>=' || text === '<=' || text === '>' || text === '<';

export const parseComparison = (text: string): Comparison | undefined => {
  const operator = /^[<>]=?/.exec(text)?.[0];
  return isOperator(operator) ? { operator, operand: text.slice(operator.length).trim() } : undefined;
};

/** Whether `left` stands to `right` as the operator says. */
export const compare = (left: number, operator: Operator, right: number): boolean => {
  switch (operator) {
    case '>=':
      return left >= right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '<':
      return left < right;
  }
};
