import { integerAt } from './integers.ts';
import { objectTypes } from './object.ts';
import { compactPayloadAt, regularPayloadAt } from './data-objects.ts';
import { DamageError } from './refusal.ts';
import type { Window } from './window.ts';

const prefix = Buffer.from('_MACHINE_ID=');
const idBytes = 32;

/**
 * The machine id that an entry in the window carries. journald stores it as it is: nothing is decompressed, and other values
 * are not looked at.
 *
 * @param items the entry's items: the index of the first one's word, and how many there are
 */
export const findMachineId = (
  window: Window,
  isCompact: boolean,
  items: { readonly word: number; readonly count: number },
): string | undefined => {
  const payloadAt = isCompact ? compactPayloadAt : regularPayloadAt;
  const bytes = payloadAt + prefix.length + idBytes;
  const offsets = Array.from({ length: items.count }, (_, index) =>
    isCompact ? window.words[items.word + index] : integerAt(window.words, items.word + index * 4),
  );
  for (const offset of offsets) {
    const object = readObject(window, offset ?? 0, bytes);
    if (object?.subarray(payloadAt, payloadAt + prefix.length).equals(prefix) === true) {
      return object.toString('latin1', payloadAt + prefix.length);
    }
  }
  return undefined;
};

/** The data object at an offset, if it is of that size and not compressed. */
const readObject = (window: Window, offset: number, bytes: number): Buffer | undefined => {
  try {
    const object = window.readApart(offset, bytes);
    const isPlain = object[0] === objectTypes.data && object[1] === 0;
    return isPlain && object.readUInt32LE(8) === bytes && object.readUInt32LE(12) === 0 ? object : undefined;
  } catch (error) {
    if (error instanceof DamageError) return undefined;
    throw error;
  }
};
