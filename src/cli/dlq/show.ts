import type { DeadLetter } from '../../dead-letters/dead-letter.ts';
import { printable } from '../../platform/printable.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { formatTime } from '../figures.ts';
import type { Terminal } from '../terminal.ts';
import { lettersIn, withLetterFiles, type LetterFilter } from './letter-files.ts';
import { safeJson, wholeLetter } from './letter-json.ts';

const describeLetter = (letter: DeadLetter): string =>
  [
    `letter       ${letter.id} of ${letter.destination}`,
    `refused      ${formatTime(letter.refusedAtMs)}, sent ${letter.attempts} ${letter.attempts === 1 ? 'time' : 'times'}`,
    `reason       ${letter.reason}`,
    `answer       ${printable(letter.answer)}`,
    `batch key    ${printable(letter.key)}`,
    `service      ${printable(letter.event.service)}`,
    `stream       ${printable(letter.event.stream)}`,
    ...(letter.isCut ? ['CUT          the event was too large to be kept whole and can not be sent again'] : []),
    safeJson(wholeLetter(letter).event, 2),
  ].join('\n');

/** `sluice dlq show`: letters with all that is in them. Fails when there is none of an id. */
export const showLetters = async (
  state: string,
  filter: LetterFilter,
  output: 'text' | 'json',
  terminal: Terminal,
): Promise<ExitCode> =>
  await withLetterFiles(state, terminal, async () => {
    const missing = new Set(filter.query.ids);
    let isFirst = true;
    for await (const letter of lettersIn(state, filter, terminal)) {
      missing.delete(letter.id);
      if (output === 'json') terminal.out(`${safeJson(wholeLetter(letter))}\n`);
      else terminal.out(`${isFirst ? '' : '\n'}${describeLetter(letter)}\n`);
      isFirst = false;
    }
    for (const id of missing) terminal.err(`sluice: there is no dead letter ${printable(id)}; see "sluice dlq list"\n`);
    return missing.size === 0 ? exitCode.ok : exitCode.general;
  });
