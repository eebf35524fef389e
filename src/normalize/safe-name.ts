/** Most characters of a service, a stream or a name in `info`: half of what CloudWatch takes of a group or stream (512). */
export const maxNameLength = 256;

// Control and format characters, line separators, lone surrogates: what a terminal, a log service or a path may trip over.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const allUnprintable = new RegExp(unprintable, 'gu');

const cut = (text: string): string => {
  if (text.length <= maxNameLength) return text;
  const end = text.charCodeAt(maxNameLength - 1);
  const splitsPair = end >= 0xd800 && end <= 0xdbff;
  return text.slice(0, splitsPair ? maxNameLength - 1 : maxNameLength);
};

/** A text of others as it may be shown: bounded, without characters that do something. */
export const safeText = (text: string): string => {
  const bounded = cut(text);
  return unprintable.test(bounded) ? bounded.replaceAll(allUnprintable, '_') : bounded;
};

const pathLike = /^\/|(?:^|\/)\.{1,2}(?:\/|$)/;

/** No step up or to the root, so that the name stays harmless as a path. */
const withoutSteps = (text: string): string =>
  pathLike.test(text)
    ? text
        .replace(/^\/+/, '')
        .split('/')
        .map((part) => (part === '.' || part === '..' ? '_'.repeat(part.length) : part))
        .join('/')
    : text;

/** A name for a group, a stream or a file, made of hostile text; undefined when nothing is left of it. */
export const safeName = (text: string): string | undefined => {
  const name = withoutSteps(safeText(text).trim());
  return name === '' ? undefined : name;
};
