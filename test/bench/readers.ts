/** Values of `sources.journald.reader` that name a way to read; `auto` chooses one of them. */
export const readers = ['journalctl', 'native'] as const;

export type Reader = (typeof readers)[number];
