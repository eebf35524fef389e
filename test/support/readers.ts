type DescribeSuite = (suite: string, body: () => void) => void;

/** The ways to read a journal, as configured. */
const readers = ['journalctl', 'native'] as const;
export type Reader = (typeof readers)[number];

/** Runs a suite once for each reader. */
export const forEachReader =
  (describeSuite: DescribeSuite) =>
  (suite: string, body: (reader: Reader) => void): void => {
    for (const reader of readers) describeSuite(`${suite}, with reader: ${reader}`, () => body(reader));
  };
