/** Consecutive numbers, both ends included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** Of more ranges than these, the one that came first is forgotten. */
const maxRanges = 1024;

/** Some ranges of numbers. */
export class NumberRanges {
  readonly #ranges: NumberRange[] = [];

  add(range: NumberRange): void {
    if (this.#ranges.push(range) > maxRanges) this.#ranges.shift();
  }

  /** What is left of a range without those that were added. */
  outside(range: NumberRange): readonly NumberRange[] {
    return this.#ranges.reduce<readonly NumberRange[]>(
      (left, taken) => left.flatMap((one) => cut(one, taken)),
      [range],
    );
  }
}

const cut = ({ from, to }: NumberRange, taken: NumberRange): readonly NumberRange[] =>
  [
    { from, to: Math.min(to, taken.from - 1) },
    { from: Math.max(from, taken.to + 1), to },
  ].filter((part) => part.from <= part.to);
