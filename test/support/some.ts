/** `value`, which a test knows to be there; fails where it isn't. */
export const some = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new TypeError('expected a value');
  return value;
};
