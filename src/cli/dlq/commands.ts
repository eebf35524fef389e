import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AdapterManifest } from '#sdk';
import { parseLetterId } from '../../dead-letters/letter-id.ts';
import { dropReasons } from '../../event/drop-reason.ts';
import { printable } from '../../platform/printable.ts';
import {
  type AgentOptions,
  choiceOf,
  type FileOptions,
  filesOf,
  outputOption,
  withAgent,
  withFiles,
} from '../command-options.ts';
import { canAsk, confirm } from '../confirm.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { type ChosenLetters, dropLetters } from './drop.ts';
import type { LetterFilter } from './letter-files.ts';
import { listLetters } from './list.ts';
import { retryLetters } from './retry.ts';
import { showLetters } from './show.ts';
import { stateDirectoryOf } from './state-directory.ts';

interface FilterOptions {
  readonly destination?: string;
  readonly service?: string;
  readonly reason?: string;
}

interface OutputOptions {
  readonly output: 'text' | 'json';
}

interface ChangeOptions extends FilterOptions, AgentOptions, OutputOptions {
  readonly all?: boolean;
}

const parseCount = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a number of letters.');
  return Number(text);
};

const parseId = (text: string, previous: readonly string[] = []): readonly string[] => {
  if (parseLetterId(text) === undefined)
    throw new InvalidArgumentError(`"${printable(text)}" is no id of a dead letter; "sluice dlq list" shows them.`);
  return [...previous, text.toLowerCase()];
};

const withDestination = (command: Command): Command =>
  command.addOption(new Option('--to, --destination <name>', 'letters of this destination'));

const withFilters = (command: Command): Command =>
  withDestination(command)
    .option('--service <glob>', 'only events of these services')
    .addOption(new Option('--reason <reason>', 'only those refused for this reason').choices(dropReasons));

const filterOf = (options: FilterOptions, ids?: readonly string[]): LetterFilter => ({
  destination: options.destination,
  query: {
    ...(ids !== undefined && { ids: new Set(ids) }),
    ...(options.service !== undefined && { service: options.service }),
    ...(options.reason !== undefined && { reason: options.reason }),
  },
});

const chosenOf = (options: ChangeOptions, ids: readonly string[]): ChosenLetters => ({
  destination: options.destination,
  ids: ids.length === 0 ? undefined : [...new Set(ids)],
  service: options.service,
  reason: options.reason,
});

/** All letters are never meant by leaving something out. */
const isClear = (ids: readonly string[], { all = false }: ChangeOptions, terminal: Terminal): boolean => {
  if (ids.length > 0 !== all) return true;
  terminal.err('sluice: name letters by their ids, or say --all (which --service and --reason narrow)\n');
  return false;
};

/** Aborts when the user has seen enough. */
const onInterrupt = (): AbortSignal => {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort(new Error('interrupted')));
  return interrupt.signal;
};

/** `sluice dlq ...`: reading works on the files, whether an agent runs or not; what changes them is asked of the agent. */
export const addDlqCommands = (
  program: Command,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void => {
  const dlq = program.command('dlq').description('look at dead letters, send them again, drop them');
  const read = async (options: FileOptions, command: (state: string) => Promise<ExitCode>): Promise<void> => {
    const state = await stateDirectoryOf(filesOf(options, terminal), adapters, terminal);
    finish(state === undefined ? exitCode.configuration : await command(state));
  };

  withFilters(withFiles(dlq.command('list')))
    .description('list dead letters: events that a destination refused for good')
    .addOption(
      new Option('-n, --lines <number>', 'the newest so many; default: 100, or all as JSON').argParser(parseCount),
    )
    .addOption(outputOption(['text', 'json']))
    .action(
      async (options: FileOptions & FilterOptions & OutputOptions & { lines?: number }) =>
        await read(options, (state) =>
          listLetters(state, { filter: filterOf(options), lines: options.lines, output: options.output }, terminal),
        ),
    );

  withDestination(withFiles(dlq.command('show')))
    .description('show dead letters with all that is in them')
    .argument('<ids...>', 'of the letters', parseId)
    .addOption(outputOption(['text', 'json']))
    .action(
      async (ids: readonly string[], options: FileOptions & FilterOptions & OutputOptions) =>
        await read(options, (state) => showLetters(state, filterOf(options, ids), options.output, terminal)),
    );

  withFilters(withAgent(dlq.command('retry')))
    .description('send dead letters again; those that are delivered are letters no more')
    .argument('[ids...]', 'of the letters', parseId)
    .option('--all', 'all letters')
    .addOption(outputOption(['text', 'json']))
    .action(async (ids: readonly string[] = [], options: ChangeOptions) => {
      if (!isClear(ids, options, terminal)) return finish(exitCode.usage);
      const { output } = options;
      const request = { letters: chosenOf(options, ids), output, signal: onInterrupt() };
      finish(await retryLetters(choiceOf(options, terminal), request, adapters, terminal));
    });

  withFilters(withAgent(dlq.command('drop')))
    .description('take dead letters away for good')
    .argument('[ids...]', 'of the letters', parseId)
    .option('--all', 'all letters')
    .option('--yes', 'do not ask')
    .addOption(outputOption(['text', 'json']))
    .action(async (ids: readonly string[] = [], options: ChangeOptions & { yes?: boolean }) => {
      if (!isClear(ids, options, terminal)) return finish(exitCode.usage);
      const { output, yes = false } = options;
      if (!yes && !canAsk()) {
        terminal.err('sluice: nobody can be asked here: say --yes to drop dead letters\n');
        return finish(exitCode.usage);
      }
      const ask = yes ? (): Promise<boolean> => Promise.resolve(true) : confirm;
      const request = { letters: chosenOf(options, ids), output, confirm: ask };
      finish(await dropLetters(choiceOf(options, terminal), request, adapters, terminal));
    });
};
