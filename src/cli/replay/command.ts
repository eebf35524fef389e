import { type Command, Option } from 'commander';
import type { AdapterManifest } from '#sdk';
import { type AgentOptions, choiceOf, outputOption, withAgent } from '../command-options.ts';
import { canAsk, confirm } from '../confirm.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { replay } from './replay.ts';
import type { ReplayOptions } from './replay-request.ts';

interface CommandOptions extends AgentOptions, ReplayOptions {
  readonly yes?: boolean;
  readonly output: 'text' | 'json';
}

const help = `
Times are when the journal received the lines: 2h, 1d12h, 13:10, yesterday,
2026-11-22, 2026-11-22T05:40:00, 2026-11-22T05:40:00Z. Rules and routes hold as
for live lines, and ids are those of the first time. ^C ends it and tells what
was done; so does the agent's end, or a reload. Exit code: 0 each line was delivered, or
dropped for a named reason; 1 not.`;

/** `sluice replay`. */
export const addReplayCommand = (
  program: Command,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
  finish: (code: ExitCode) => void,
): void => {
  withAgent(program.command('replay'))
    .description('send lines that the journal still holds to a destination once more, beside live traffic')
    .addOption(new Option('--to, --destination <name>', 'where to').makeOptionMandatory())
    .requiredOption('--since <when>', 'from when on')
    .option('--until <when>', 'up to when; default: now')
    .option('--service <glob>', 'only these services')
    .option('--rate <lines>', 'lines per second, at the most', '1000/s')
    .option('--dry-run', 'do all but send, and tell how much it would be')
    .option('--yes', 'do not ask')
    .addOption(outputOption(['text', 'json']))
    .addHelpText('after', help)
    .action(async ({ yes = false, output, ...options }: CommandOptions) => {
      if (!yes && options.dryRun !== true && !canAsk()) {
        terminal.err('sluice: nobody can be asked here: say --yes to send, or --dry-run to see\n');
        return finish(exitCode.usage);
      }
      const ask = yes ? (): Promise<boolean> => Promise.resolve(true) : confirm;
      finish(await replay({ options, output, confirm: ask }, choiceOf(options, terminal), adapters, terminal));
    });
};
