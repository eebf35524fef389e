import type { KeyPath } from '../config/config-node.ts';
import { isJsonObject } from '../event/json.ts';

/** A value that is not what it should be. */
export interface Difference {
  readonly path: KeyPath;
  readonly expected: unknown;
  /** Undefined: there is nothing. */
  readonly got: unknown;
}

const memberOf = (value: unknown, key: string): unknown =>
  isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

const isListLike = (value: unknown, other: unknown): value is readonly unknown[] =>
  Array.isArray(value) && Array.isArray(other) && value.length === other.length;

/**
 * Where JSON values differ: of a map only the expected members count, a list must be as long as expected, null fits what
 * is missing.
 */
export function* differences(expected: unknown, got: unknown, path: KeyPath = []): Generator<Difference> {
  if (isJsonObject(expected) && isJsonObject(got)) {
    for (const [key, member] of Object.entries(expected))
      yield* differences(member, memberOf(got, key), [...path, key]);
  } else if (isListLike(expected, got) && isListLike(got, expected)) {
    for (const [index, item] of expected.entries()) yield* differences(item, got[index], [...path, index]);
  } else if ((expected ?? undefined) !== (got ?? undefined)) {
    yield { path, expected, got };
  }
}
