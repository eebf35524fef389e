import type { AdapterManifest } from '#sdk';
import { showConfig } from '../config/show.ts';
import { sourceOptions } from '../sources/index.ts';
import { loadAndReport } from './configuration.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** `sluice config show`: what holds in the end, each value with its origin, without secrets. */
export const configShow = async (
  files: readonly string[],
  format: 'yaml' | 'json',
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> => {
  const { config, document } = await loadAndReport(files, adapters, terminal);
  if (document === undefined) return exitCode.configuration;
  terminal.out(showConfig(document, { adapters, sources: sourceOptions }, format));
  return config === undefined ? exitCode.configuration : exitCode.ok;
};
