import type { RecordFields } from './record.ts';

/** What follows from the fields that records have in common, worked out once for all of them. */
export class CommonFacts<Fact extends object | string | boolean> {
  readonly #derive: (fields: RecordFields) => Fact;
  readonly #known = new WeakMap<object, Fact>();

  /** @param derive looks at no field of a line's own (`isLineField`). */
  constructor(derive: (fields: RecordFields) => Fact) {
    this.#derive = derive;
  }

  of(fields: RecordFields): Fact {
    const { common } = fields;
    if (common === undefined) return this.#derive(fields);
    const known = this.#known.get(common);
    if (known !== undefined) return known;
    const fact = this.#derive(fields);
    this.#known.set(common, fact);
    return fact;
  }
}
