const suffix = /\.(?:service|socket|target|mount|automount|swap|path|timer|device|slice)$/;

/**
 * A unit without suffix and instance: `getty@tty1.service` is `getty`. Undefined for scopes, which are sessions and
 * foreign processes: their names mean nothing.
 */
export const unitName = (unit: string): string | undefined => {
  if (unit.endsWith('.scope')) return undefined;
  const name = unit.replace(suffix, '').replace(/@.*$/s, '');
  return name === '' ? undefined : name;
};
