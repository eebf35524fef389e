import { printable } from '../platform/printable.ts';

/** JSON of the same meaning that a terminal shows and does not obey: what JSON leaves as it is (C1, DEL) is escaped too. */
export const jsonOutput = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).split('\n').map(printable).join('\n');
