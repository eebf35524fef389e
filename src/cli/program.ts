import { Command, CommanderError } from 'commander';
import type { AdapterManifest } from '#sdk';
import { exitCode, type ExitCode } from './exit-code.ts';
import { quickstart } from './quickstart.ts';
import { run } from './run.ts';
import { processTerminal, type Terminal } from './terminal.ts';
import { validate } from './validate.ts';

type FileCommand = (
  files: readonly string[],
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
) => Promise<ExitCode>;

interface FileOptions {
  readonly config: readonly string[];
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

const filesFrom = (environment: Terminal['environment']): readonly string[] =>
  (environment['SLUICE_CONFIG'] ?? '').split(':').filter((file) => file !== '');

/** The commands that exist, and no others. */
const createProgram = (
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): Command => {
  const program = new Command('sluice')
    .description('Ships the systemd journal to many log services; every line accounted for.')
    .version('0.1.0', '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err });

  const addCommand = (name: string, description: string, action: FileCommand): void => {
    program
      .command(name)
      .description(description)
      .option('-c, --config <file>', 'configuration file; may be given again (env: SLUICE_CONFIG)', collect, [])
      .action(async ({ config }: FileOptions) => {
        finish(await action(config.length === 0 ? filesFrom(terminal.environment) : config, adapters, terminal));
      });
  };
  addCommand('run', 'ship in the foreground until stopped', run);
  addCommand('quickstart', 'show on this host what it does, with console and files', quickstart);
  addCommand('validate', 'say all that is wrong with the configuration', validate);
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
