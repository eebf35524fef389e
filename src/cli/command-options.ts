import { type Command, Option } from 'commander';
import type { AgentChoice } from './agent-client.ts';
import type { Terminal } from './terminal.ts';

/** Which configuration is meant. */
export interface FileOptions {
  readonly config?: readonly string[];
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

/** `SLUICE_CONFIG` holds what `-c` would name, separated by colons. */
export const filesOf = ({ config = [] }: FileOptions, { environment }: Terminal): readonly string[] =>
  config.length > 0 ? config : (environment['SLUICE_CONFIG'] ?? '').split(':').filter((file) => file !== '');

export const withFiles = (command: Command, ownDefault = '/etc/sluice/sluice.yaml'): Command =>
  command.option(
    '-c, --config <file>',
    `configuration file, may be given again; default: $SLUICE_CONFIG, else ${ownDefault}`,
    collect,
  );

/** Which running agent is meant. */
export interface AgentOptions extends FileOptions {
  readonly socket?: string;
}

/** Commands to a running agent find it by its configuration. */
export const withAgent = (command: Command): Command =>
  withFiles(command).addOption(
    new Option('--socket <path>', "the agent's control socket; default: as the configuration has it").env(
      'SLUICE_SOCKET',
    ),
  );

export const choiceOf = (options: AgentOptions, terminal: Terminal): AgentChoice => ({
  files: filesOf(options, terminal),
  socket: options.socket,
});

/** The first choice is the default. */
export const outputOption = (choices: readonly [string, ...string[]]): Option =>
  new Option('-o, --output <format>', 'form of the result').choices(choices).default(choices[0]);
