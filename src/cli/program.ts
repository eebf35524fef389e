import { Command, CommanderError, Option } from 'commander';
import type { AdapterManifest } from '#sdk';
import {
  type AgentOptions,
  choiceOf,
  type FileOptions,
  filesOf,
  outputOption,
  withAgent,
  withFiles,
} from './command-options.ts';
import { configShow } from './config-show.ts';
import { canAsk, confirm } from './confirm.ts';
import { addDlqCommands } from './dlq/commands.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { ledger, type LedgerOptions } from './ledger.ts';
import { quickstart } from './quickstart.ts';
import { addReplayCommand } from './replay/command.ts';
import { run } from './run.ts';
import { schema } from './schema.ts';
import { skip, type SkipOptions } from './skip.ts';
import { status } from './status.ts';
import { tap, type TapOptions } from './tap.ts';
import { colorWishes, type ColorWish, processTerminal, type Terminal } from './terminal.ts';
import { test } from './test.ts';
import { top } from './top/top.ts';
import { validate } from './validate.ts';
import { version } from './version.ts';

const statusHelp = `
Exit code: 0 all is well; 1 somebody should look: a destination denies us or has
got nowhere for five minutes, not all can be read or saved, max_backlog is about
to drop lines, a line is unexplained; 69 no agent runs; 77 no right to ask it.`;

const ledgerHelp = `
--since counts from the newest of the moments before it that are kept: hourly
for two days, daily for five weeks. Without a running agent the checkpoints in
the state directory are read. LOST is what others lost before it could be read:
"off" where gaps can't be found, "?" where no agent says. Exit code: 0 it adds
up; 1 a line is unexplained.`;

const skipHelp = `
Lines in the agent are dropped at once, the others as they are read, all counted
as "skipped by operator". Exit code: 0 done, or nothing waits; 1 not done;
69 no agent runs; 77 no right to ask it.`;

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

  withAgent(program.command('status'))
    .description('show how the running agent is: what it reads, and how each destination gets on')
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', statusHelp)
    .action(async (options: AgentOptions & { output: 'text' | 'json' }) =>
      finish(await status(choiceOf(options, terminal), options.output, adapters, terminal)),
    );

  withAgent(program.command('top'))
    .description('watch the running agent on a terminal; ? shows the keys')
    .action(async (options: AgentOptions) => finish(await top(choiceOf(options, terminal), adapters, terminal)));

  withAgent(program.command('ledger'))
    .description('show where the lines went: read = delivered + dropped + uncertain + pending')
    .addOption(new Option('--to, --destination <name>', 'one destination, by service; default: all'))
    .option('--service <glob>', 'only these services')
    .option('--since <when>', 'what was counted since: 1d, 13:10, yesterday, or a time')
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', ledgerHelp)
    .action(async (options: AgentOptions & LedgerOptions) =>
      finish(await ledger(options, choiceOf(options, terminal), adapters, terminal)),
    );

  withAgent(program.command('tap'))
    .description('show events as they pass, with who gets them, without touching them; ends on ^C')
    .addOption(new Option('--to, --destination <name>', 'only what this destination gets'))
    .option('--service <glob>', 'only these services')
    .option('--level <level>', 'a level, as error, or >=warn: warn and more severe')
    .addOption(outputOption(['short', 'json']))
    .action(async (options: AgentOptions & TapOptions) =>
      finish(await tap(options, choiceOf(options, terminal), adapters, terminal)),
    );

  addReplayCommand(program, adapters, terminal, finish);
  withAgent(program.command('skip'))
    .description('give up lines that wait for a destination; asks first, and says how to send them after all')
    .addOption(new Option('--to, --destination <name>', 'the destination').makeOptionMandatory())
    .option('--service <glob>', 'only lines of these services')
    .requiredOption('--until <when>', 'lines received until then: now, 1h (ago), or a time as 2026-11-22T05:40:00Z')
    .option('--yes', 'do not ask')
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', skipHelp)
    .action(async (options: AgentOptions & SkipOptions & { yes?: boolean }) => {
      const { yes = false } = options;
      if (!yes && !canAsk()) {
        terminal.err('sluice: nobody can be asked here: say --yes to skip lines\n');
        return finish(exitCode.usage);
      }
      const ask = yes ? (): Promise<boolean> => Promise.resolve(true) : confirm;
      finish(await skip(options, ask, choiceOf(options, terminal), adapters, terminal));
    });

  addDlqCommands(program, adapters, terminal, finish);

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
