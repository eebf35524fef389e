import type { AdapterManifest } from '#sdk';
import { SourceError } from '../sdk/source.ts';
import { runAgentProcess } from './agent-process.ts';
import { loadAndReport } from './configuration.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** `sluice run`: ships in the foreground until it is stopped. */
export const run = async (
  files: readonly string[],
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> => {
  const { config } = await loadAndReport(files, adapters, terminal);
  if (config === undefined) return exitCode.configuration;
  try {
    return await runAgentProcess({
      config,
      terminal,
      reloadConfig: async () => (await loadAndReport(files, adapters, terminal)).config,
      onStarted: async (agent, adminUrl, log) => {
        const { source } = await agent.status();
        for (const warning of source.warnings) log.warn({}, warning);
        const names = agent.destinations.map(({ name, kind }) => (kind === 'running' ? name : `${name} (denied)`));
        log.info({ reads: source.description, ships: names, health: adminUrl }, 'sluice runs');
        for (const destination of agent.destinations) {
          if (destination.kind === 'denied')
            log.error({ destination: destination.name }, `denied: ${destination.condition.reason}`);
        }
      },
      onStopped: () => Promise.resolve(),
    });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    terminal.err(`sluice: ${error.message}\n`);
    return error.kind === 'denied' ? exitCode.permission : exitCode.unavailable;
  }
};
