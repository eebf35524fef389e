import type { AdapterManifest } from '#sdk';
import { controlRoutes } from '../admin/control-routes.ts';
import { CheckpointError } from '../checkpoint/checkpoint.ts';
import type { LedgerReport } from '../pipeline/ledger-report.ts';
import type { LedgerRequest } from '../pipeline/ledger-request.ts';
import { readSavedLedger } from '../pipeline/saved-ledger.ts';
import { systemClock } from '../platform/clock.ts';
import { codeOf } from '../platform/error.ts';
import {
  AgentError,
  describeAgentFailure,
  findAgent,
  sayingFailures,
  stateDirectoryOf,
  type AgentChoice,
} from './agent-client.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { formatTime } from './figures.ts';
import { jsonOutput } from './json-output.ts';
import { renderLedger } from './ledger-page.ts';
import { momentOf } from './moment.ts';
import { createPaint } from './paint.ts';
import { pageWidth, type Terminal } from './terminal.ts';

export interface LedgerOptions {
  readonly destination?: string | undefined;
  readonly service?: string | undefined;
  /** `1d`, or a time. */
  readonly since?: string | undefined;
  readonly output: 'text' | 'json';
}

const describeUnreadable = (error: unknown, stateDirectory: string): AgentError => {
  if (error instanceof AgentError) return error;
  const place = `the checkpoints in ${stateDirectory}`;
  if (error instanceof CheckpointError) return new AgentError(exitCode.inputOutput, `${place}: ${error.message}`);
  if (codeOf(error) === 'EACCES')
    return new AgentError(exitCode.permission, `no right to read ${place}; ask as root or as the user sluice`);
  if (codeOf(error) === 'ENOENT')
    return new AgentError(exitCode.unavailable, `no agent runs, and there are no checkpoints in ${stateDirectory}`);
  throw error;
};

/** Without an agent the checkpoints tell; nothing is in flight then. */
const readWithoutAgent = async (
  request: LedgerRequest,
  stateDirectory: string,
  terminal: Terminal,
): Promise<LedgerReport> => {
  try {
    const report = await readSavedLedger(stateDirectory, request);
    if (request.destination !== undefined && report.destinations.length === 0)
      throw new AgentError(exitCode.general, `no checkpoint of ${request.destination} in ${stateDirectory}`);
    const savedMs = Math.max(0, ...report.destinations.map(({ asOfMs }) => asOfMs));
    if (savedMs > 0) terminal.err(`no agent runs: as saved in ${stateDirectory} at ${formatTime(savedMs)}\n`);
    return report;
  } catch (error) {
    throw describeUnreadable(error, stateDirectory);
  }
};

const readReport = async (
  request: LedgerRequest,
  choice: AgentChoice,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<LedgerReport> => {
  try {
    const { client } = await findAgent(choice, adapters, terminal);
    return await client.ask(controlRoutes.ledger, request);
  } catch (error) {
    const failure = describeAgentFailure(error);
    const stateDirectory = failure.isNoneRunning ? await stateDirectoryOf(choice, adapters, terminal) : undefined;
    if (stateDirectory === undefined) throw failure;
    return await readWithoutAgent(request, stateDirectory, terminal);
  }
};

const show = (
  report: LedgerReport,
  options: LedgerOptions,
  askedMs: number | undefined,
  terminal: Terminal,
): string => {
  if (options.output === 'json') return jsonOutput(report, 2);
  const isByService = options.destination !== undefined;
  const screen = { width: pageWidth(terminal), paint: createPaint(terminal.colorOut) };
  return renderLedger({ report, isByService, askedMs, ...screen }).join('\n');
};

/** `sluice ledger`: where the lines went. Fails when a line is unexplained. */
export const ledger = async (
  options: LedgerOptions,
  choice: AgentChoice,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> =>
  await sayingFailures(terminal, async () => {
    const { destination, service, since } = options;
    const sinceMs = since === undefined ? undefined : momentOf('--since', since, systemClock.now());
    const report = await readReport({ destination, service, sinceMs }, choice, adapters, terminal);
    terminal.out(`${show(report, options, sinceMs, terminal)}\n`);
    return report.destinations.every(({ unexplained }) => unexplained === 0) ? exitCode.ok : exitCode.general;
  });
