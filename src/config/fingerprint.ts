import { createHash } from 'node:crypto';
import { Secret } from '#sdk';

/**
 * What two parts of a configuration have in common if, and only if, they say the same. A secret counts by where it comes
 * from and, when it is written down, by its hash: nothing of it shows.
 */
export const fingerprintOf = (part: unknown): string =>
  createHash('sha256')
    .update(
      JSON.stringify(part, function replace(this: Readonly<Record<string, unknown>>, key: string, value: unknown) {
        const original = this[key];
        return original instanceof Secret ? original.fingerprint() : value;
      }) ?? '',
    )
    .digest('hex');
