import { journalFields } from '../../src/pipeline/journal-fields.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { silentLogger } from '../support/silent-logger.ts';

/**
 * Reads a journal's files as the agent does, and looks at each message; a process of its own, so that what it takes can be
 * told. Prints the processor seconds that its start took. Parameters: folder, number of entries.
 */
const [directory, count] = process.argv.slice(2);

const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const done = new AbortController();
const source = createJournaldSource(journaldOptions.parse({ directory, reader: 'native' }), {
  clock: systemClock,
  logger: silentLogger,
  fields: journalFields,
});
process.stdout.write(`${processorSeconds()}\n`);
let left = Number(count);
for await (const message of source.read(new Map([['', { kind: 'beginning' }]]), done.signal)) {
  if (message.kind !== 'records') continue;
  for (const { fields } of message.records) if (fields.get('MESSAGE') !== undefined) left -= 1;
  if (left <= 0) done.abort();
}
