import { z } from 'zod';

const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** Bytes of `64MiB`, `1MB`, `512B`; undefined when `text` is not a size. */
export const parseSize = (text: string): number | undefined => {
  const match = /^(\d{1,12}(?:\.\d{1,6})?) ?(B|kB|MB|GB|KiB|MiB|GiB)$/.exec(text);
  if (match === null) return undefined;
  return Math.floor(Number(match[1]) * (unitBytes[match[2] ?? ''] ?? Number.NaN));
};

/** An option like `64MiB`; parses to bytes. */
export const size = () =>
  z
    .string()
    .transform((text, context) => {
      const bytes = parseSize(text);
      if (bytes !== undefined) return bytes;
      context.addIssue({ code: 'custom', message: `expected a size with its unit, as 512KiB, 64MiB or 1GB` });
      return z.NEVER;
    })
    .meta({ type: 'string', kind: 'size', description: 'a size with its unit: 512KiB, 64MiB, 1GB' });
