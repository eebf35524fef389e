import { Command, CommanderError, Option } from 'commander';
import type { AdapterManifest } from '#sdk';
import { configShow } from './config-show.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { quickstart } from './quickstart.ts';
import { run } from './run.ts';
import { schema } from './schema.ts';
import { colorWishes, processTerminal, type ColorWish, type Terminal } from './terminal.ts';
import { test } from './test.ts';
import { validate } from './validate.ts';
import { version } from './version.ts';

interface FileOptions {
  readonly config?: readonly string[];
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

/** `SLUICE_CONFIG` holds what `-c` would name, separated by colons. */
const filesOf = ({ config = [] }: FileOptions, { environment }: Terminal): readonly string[] =>
  config.length > 0 ? config : (environment['SLUICE_CONFIG'] ?? '').split(':').filter((file) => file !== '');

const withFiles = (command: Command, ownDefault = '/etc/sluice/sluice.yaml'): Command =>
  command.option(
    '-c, --config <file>',
    `configuration file, may be given again; default: $SLUICE_CONFIG, else ${ownDefault}`,
    collect,
  );

const outputOption = (choices: readonly [string, ...string[]]): Option =>
  new Option('-o, --output <format>', 'form of the result').choices(choices).default(choices[0]);

const colorOption = (): Option =>
  new Option('--color <when>', 'colours; auto: on a terminal, unless NO_COLOR is set')
    .choices(colorWishes)
    .default('auto');

/** The commands that exist, and no others. */
const createProgram = (
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): Command => {
  const program = new Command('sluice')
    .description('Ships the systemd journal to many log services; every line accounted for.')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });

  withFiles(program.command('run'))
    .description('ship in the foreground until stopped')
    .action(async (options: FileOptions) => finish(await run(filesOf(options, terminal), adapters, terminal)));
  withFiles(program.command('quickstart'), 'the one that ships with sluice')
    .description('show on this host what sluice does, with console and files')
    .action(async (options: FileOptions) => finish(await quickstart(filesOf(options, terminal), adapters, terminal)));
  withFiles(program.command('validate'))
    .description('say all that is wrong with the configuration')
    .action(async (options: FileOptions) => finish(await validate(filesOf(options, terminal), adapters, terminal)));
  withFiles(program.command('test'))
    .description('run the test cases that lie beside the configuration')
    .argument('[tests...]', 'files and folders of cases; default: the folder tests beside the configuration')
    .addOption(outputOption(['text', 'json']))
    .addOption(colorOption())
    .action(async (tests: readonly string[], options: FileOptions & { output: 'text' | 'json'; color: ColorWish }) =>
      finish(await test(filesOf(options, terminal), { ...options, tests }, adapters, terminal)),
    );

  const config = program.command('config').description('look at the configuration');
  withFiles(config.command('show'))
    .description('print what holds in the end: merged, filled in, with defaults and origins, without secrets')
    .addOption(outputOption(['yaml', 'json']))
    .action(async (options: FileOptions & { output: 'yaml' | 'json' }) =>
      finish(await configShow(filesOf(options, terminal), options.output, adapters, terminal)),
    );
  program
    .command('schema')
    .description('describe the configuration, for editors (JSON Schema) or people (Markdown)')
    .addOption(outputOption(['json', 'markdown']))
    .action(({ output }: { output: 'json' | 'markdown' }) => finish(schema(output, adapters, terminal)));
  return program;
};

/** Runs the command that `argv` asks for and sets the process's exit code. */
export const runCommandLine = async (argv: readonly string[], adapters: readonly AdapterManifest[]): Promise<void> => {
  const terminal = processTerminal();
  let code: ExitCode = exitCode.ok;
  try {
    await createProgram(adapters, terminal, (finished) => {
      code = finished;
    }).parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  }
  process.exitCode = code;
};
