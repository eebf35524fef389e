import type { AdapterManifest } from '#sdk';
import { loadConfig } from '../../config/load.ts';
import { renderFindings } from '../../config/render-findings.ts';
import { sourceOptions } from '../../sources/index.ts';
import type { Terminal } from '../terminal.ts';

/**
 * The state directory of a configuration; undefined when it can't be read, which is said then. What else is wrong with it
 * (a secret that this shell has not) is none of the asker's concern.
 */
export const stateDirectoryOf = async (
  files: readonly string[],
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<string | undefined> => {
  const { environment, color } = terminal;
  const { config, findings } = await loadConfig(files, { adapters, sources: sourceOptions, environment });
  if (config === undefined) terminal.err(`${renderFindings(findings, { color })}\n`);
  return config?.state;
};
