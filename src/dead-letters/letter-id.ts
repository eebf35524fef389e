const shape = /^[1-9a-z][0-9a-z]{0,9}$/;

/** The id of a destination's n-th letter, from 1: base 36. */
export const formatLetterId = (number: number): string => number.toString(36);

/** The number of an id, in either case; undefined when `text` is none. */
export const parseLetterId = (text: string): number | undefined => {
  const id = text.toLowerCase();
  return shape.test(id) ? Number.parseInt(id, 36) : undefined;
};
