import type { AdapterManifest } from '#sdk';
import { loadAndReport } from './configuration.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `sluice validate`: all findings at once; nothing is started, nothing is sent. */
export const validate = async (
  files: readonly string[],
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> => {
  const { config, findings, files: read } = await loadAndReport(files, adapters, terminal);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (config === undefined || errors > 0) {
    terminal.err(`\n${counted(errors, 'error')} in ${counted(read.length, 'file')}\n`);
    return exitCode.configuration;
  }
  const on = config.destinations.filter(({ status }) => status === 'ready').map(({ name }) => name);
  terminal.out(
    `${read.join(', ')}: valid; ships to ${on.length === 0 ? 'nowhere (every destination is off)' : on.join(', ')}\n`,
  );
  return exitCode.ok;
};
