import type { SharedFields } from '../entry-fields.ts';

/** What entries of one writer have in common: the offsets of their shared objects, and the fields made of them. */
interface Shape {
  readonly offsets: Float64Array;
  readonly fields: SharedFields;
}

/** As many writers as a host has at a time; beyond, all are forgotten. */
const maxShapes = 1024;

/** Finds the fields of entries that share all values but their own, without looking at these one by one. */
export class Shapes {
  readonly #shapes = new Map<number, Shape>();

  /** The fields of `count` objects whose offsets `offsets` begins with. */
  find(hash: number, offsets: Float64Array, count: number): SharedFields | undefined {
    const shape = this.#shapes.get(hash);
    if (shape === undefined || shape.offsets.length !== count) return undefined;
    for (let index = 0; index < count; index += 1) if (shape.offsets[index] !== offsets[index]) return undefined;
    return shape.fields;
  }

  add(hash: number, offsets: Float64Array, count: number, fields: SharedFields): void {
    if (this.#shapes.size >= maxShapes) this.#shapes.clear();
    this.#shapes.set(hash, { offsets: offsets.slice(0, count), fields });
  }
}

/** A shape's hash. */
export const hashOf = (offsets: Float64Array, count: number): number => {
  let hash = count;
  for (let index = 0; index < count; index += 1) {
    const mixed = Math.imul(hash ^ (offsets[index] ?? 0), 0x9e37_79b1);
    hash = mixed ^ (mixed >>> 15);
  }
  return hash;
};
