import type { JournalPlace } from './reading.ts';

/** Where journalctl starts to print. A cursor is meant inclusively: `--after-cursor` of systemd 252 may skip an entry. */
export type Seek =
  | { readonly kind: 'beginning' }
  | { readonly kind: 'cursor'; readonly cursor: string }
  | { readonly kind: 'since'; readonly timeUs: number };

/**
 * The export format costs journalctl a quarter of what JSON does, and names every byte. `--all`: values of any size. `--merge`:
 * without it `--follow` shows the running boot only.
 */
const common = ['--quiet', '--no-pager', '--all', '--merge', '--output=export'];

const placeArguments = (place: JournalPlace): readonly string[] => [
  ...(place.directory === undefined ? [] : [`--directory=${place.directory}`]),
  ...(place.namespace === undefined ? [] : [`--namespace=${place.namespace}`]),
];

const seekArguments = (seek: Seek): readonly string[] => {
  switch (seek.kind) {
    case 'beginning':
      return [];
    case 'cursor':
      return [`--cursor=${seek.cursor}`];
    case 'since':
      return [`--since=@${Math.floor(seek.timeUs / 1e6)}.${String(Math.floor(seek.timeUs % 1e6)).padStart(6, '0')}`];
  }
};

const fieldArguments = (fields: readonly string[] | undefined): readonly string[] =>
  fields === undefined ? [] : [`--output-fields=${fields.join(',')}`];

/** Prints everything from `seek` on; `--lines=all`, as `--follow` alone begins with the last ten. */
export const readArguments = (
  place: JournalPlace,
  fields: readonly string[] | undefined,
  seek: Seek,
  follow: boolean,
): readonly string[] => [
  ...common,
  ...(follow ? ['--follow', '--lines=all'] : []),
  ...placeArguments(place),
  ...fieldArguments(fields),
  ...seekArguments(seek),
  ...place.matches,
];

/** Cheap to print: an entry's position is always there. */
export const positionOnly = ['_BOOT_ID'];

/** Prints the positions of the entries from `seek` on. */
export const positionArguments = (place: JournalPlace, seek: Seek): readonly string[] =>
  readArguments(place, positionOnly, seek, false);

/** Prints the newest `count` entries, oldest first, with these fields. */
export const newestArguments = (
  place: JournalPlace,
  count: number,
  fields: readonly string[] | undefined,
): readonly string[] => [
  ...common,
  `--lines=${count}`,
  ...placeArguments(place),
  ...fieldArguments(fields),
  ...place.matches,
];
