import type { AdapterManifest } from '#sdk';
import type { Config } from '../config/config.ts';
import { loadConfig, type LoadedConfig } from '../config/load.ts';
import { renderFindings } from '../config/render-findings.ts';
import { leastMemoryOf } from '../pipeline/least-memory.ts';
import { sourceOptions } from '../sources/index.ts';
import type { Terminal } from './terminal.ts';

export type AgentConfig = Config<typeof sourceOptions>;

/** Loads the configuration and shows all that is wrong with it. */
export const loadAndReport = async (
  files: readonly string[],
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<LoadedConfig<typeof sourceOptions>> => {
  const vocabulary = { adapters, sources: sourceOptions, leastMemory: leastMemoryOf };
  const loaded = await loadConfig(files, { ...vocabulary, environment: terminal.environment });
  if (loaded.findings.length > 0) terminal.err(`${renderFindings(loaded.findings, { color: terminal.color })}\n`);
  return loaded;
};
