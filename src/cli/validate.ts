import type { AdapterManifest } from '#sdk';
import { loadAndReport, type AgentConfig } from './configuration.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const describeTargets = ({ destinations }: AgentConfig): string => {
  const on = destinations.filter(({ status }) => status === 'ready').map(({ name }) => name);
  if (on.length > 0) return on.join(', ');
  return `nowhere (${destinations.length === 0 ? 'it names no destination' : 'every destination is off'})`;
};

/** `sluice validate`: all findings at once; nothing is started, nothing is sent. */
export const validate = async (
  files: readonly string[],
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> => {
  const { config, findings, files: read } = await loadAndReport(files, adapters, terminal);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (config === undefined || errors > 0) {
    terminal.err(`\n${counted(errors, 'error')}\n`);
    return exitCode.configuration;
  }
  terminal.out(`${read.join(', ')}: valid; ships to ${describeTargets(config)}\n`);
  return exitCode.ok;
};
