import { some } from './some.ts';

type DescribeSuite = (suite: string, body: () => void) => void;
type DescribeReader = (suite: string, body: (reader: Reader) => void) => void;

/** The ways to read a journal, as configured. */
const allReaders = ['journalctl', 'native'] as const;
export type Reader = (typeof allReaders)[number];

const only = process.env['SLUICE_READER'];

/** Those that tests run with: both, or the one that `SLUICE_READER` names. */
export const readers: readonly Reader[] = allReaders.filter((reader) => only === undefined || reader === only);
if (readers.length === 0) throw new Error(`SLUICE_READER is ${only}: expected ${allReaders.join(' or ')}`);

/** One of them, in turns from seed to seed. */
export const readerOf = (seed: number): Reader => some(readers[seed % readers.length]);

const withReader = (describeSuite: DescribeSuite, reader: Reader): DescribeReader => {
  return (suite, body) => describeSuite(`${suite}, with reader: ${reader}`, () => body(reader));
};

/** Runs a suite once for each reader. */
export const forEachReader =
  (describeSuite: DescribeSuite): DescribeReader =>
  (suite, body) => {
    for (const reader of readers) withReader(describeSuite, reader)(suite, body);
  };

/** Runs a suite with one reader, now this and now that: for what is long, and has little to do with how a journal is read. */
export const forOneReader = (describeSuite: DescribeSuite): DescribeReader =>
  withReader(describeSuite, readerOf(Date.now()));
