import type { Seek } from '../arguments.ts';

/** A place to seek to, as sd-journal understands a cursor: any part of it that is given helps. */
export interface Location {
  readonly sequenceId: string | undefined;
  readonly sequence: number | undefined;
  readonly bootId: string | undefined;
  readonly monotonicUs: number | undefined;
  readonly realtimeUs: number | undefined;
}

const nowhere: Location = {
  sequenceId: undefined,
  sequence: undefined,
  bootId: undefined,
  monotonicUs: undefined,
  realtimeUs: undefined,
};

/** The place of a counter's number. */
export const atNumber = (sequenceId: string, sequence: number): Location => ({ ...nowhere, sequenceId, sequence });

const numberOf = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number.parseInt(digits, 16);

/** Takes apart what our own cursors are made of; what else a cursor may hold is left alone. */
const parseCursorParts = (cursor: string): Location => {
  const parts = new Map(cursor.split(';').map((part) => [part.slice(0, 1), part.slice(2)]));
  return {
    sequenceId: parts.get('s'),
    sequence: numberOf(parts.get('i')),
    bootId: parts.get('b'),
    monotonicUs: numberOf(parts.get('m')),
    realtimeUs: numberOf(parts.get('t')),
  };
};

/** The place that a seek means. */
export const locationOf = (seek: Seek): Location => {
  switch (seek.kind) {
    case 'beginning':
      return nowhere;
    case 'since':
      return { ...nowhere, realtimeUs: seek.timeUs };
    case 'cursor':
      return parseCursorParts(seek.cursor);
  }
};
