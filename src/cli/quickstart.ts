import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AdapterManifest } from '#sdk';
import { controlSocketOf } from '../admin/control-socket.ts';
import type { Agent } from '../pipeline/agent.ts';
import { systemClock } from '../platform/clock.ts';
import { SourceError } from '../sdk/source.ts';
import { createSampleSource } from '../sources/sample/index.ts';
import { runAgentProcess } from './agent-process.ts';
import { loadAndReport, type AgentConfig } from './configuration.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { describeBalance } from './balance-line.ts';
import type { Terminal } from './terminal.ts';

/** The configuration that ships with the project for a first look. */
const quickstartFile = join(dirname(fileURLToPath(import.meta.url)), '../../config/quickstart.yaml');

const showLedger = async (agent: Agent, terminal: Terminal, when: string): Promise<void> => {
  const { destinations } = await agent.status();
  for (const destination of destinations) {
    terminal.err(`  ledger  ${when}, ${destination.name}: ${describeBalance(destination)}\n`);
  }
};

const proofOf = (pid: number, isSample: boolean): string =>
  isSample
    ? `nothing is lost: "kill -9 ${pid}", start again, and see the sample go on where it stopped`
    : `nothing is lost: "kill -9 ${pid}", log something ("logger hello"), start again, and see the ledger add up`;

const introduce = async (
  agent: Agent,
  adminUrl: string | undefined,
  config: AgentConfig,
  files: readonly string[],
  terminal: Terminal,
): Promise<void> => {
  const { source } = await agent.status();
  const names = agent.destinations.map(({ name }) => name).join(' and ');
  terminal.err(
    [
      ``,
      `  reads   ${source.description}`,
      ...source.warnings.map((warning) => `          ${warning}`),
      `  ships   to ${names}, as ${files.map((file) => relative(process.cwd(), file)).join(', ')} says; everything is kept under ${dirname(config.state)}`,
      `  health  ${adminUrl === undefined ? 'no page: its port is in use' : `${adminUrl}/readyz and ${adminUrl}/metrics`}`,
      `  proof   ${proofOf(process.pid, source.name === 'sample')}`,
      ``,
    ].join('\n'),
  );
  await showLedger(agent, terminal, 'so far');
  terminal.err('\n');
};

/** `npm start`: the main job on this host's journal, or on a sample where there is none to read. */
export const quickstart = async (
  files: readonly string[],
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> => {
  const { config, files: read } = await loadAndReport(
    files.length === 0 ? [quickstartFile] : files,
    adapters,
    terminal,
  );
  if (config === undefined) return exitCode.configuration;
  const hooks = {
    config,
    terminal,
    onStarted: (agent: Agent, adminUrl: string | undefined) => introduce(agent, adminUrl, config, read, terminal),
    onStopped: (agent: Agent) => showLedger(agent, terminal, 'at the end'),
  };
  try {
    return await runAgentProcess(hooks);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    terminal.err(`\n  ${error.message}\n  Here is a sample instead.\n`);
    const override = { source: createSampleSource(systemClock), start: { kind: 'beginning' } } as const;
    // A state of its own: the sample's lines are in no ledger of the journal, and its cursors stay for when it can be read.
    const { admin, state: stateDirectory } = config;
    const socket = controlSocketOf({ socket: admin.socket, stateDirectory, environment: terminal.environment });
    const ownState = { ...config, state: join(stateDirectory, 'sample'), admin: { ...admin, socket } };
    return await runAgentProcess({ ...hooks, config: ownState, override });
  }
};
