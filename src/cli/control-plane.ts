import { resolve } from 'node:path';
import { controlProtocol, type AgentIdentity } from '../admin/control-routes.ts';
import { startControlServer, type ControlServer } from '../admin/control-server.ts';
import { controlSocketOf } from '../admin/control-socket.ts';
import { serveAgent, type ServedAgent } from '../admin/serve-agent.ts';
import { CheckpointStore } from '../checkpoint/store.ts';
import { HistoryStore } from '../ledger/history-store.ts';
import type { Agent } from '../pipeline/agent.ts';
import { describeRouting } from '../pipeline/describe-routing.ts';
import type { EventTap } from '../pipeline/event-tap.ts';
import { LedgerRecorder } from '../pipeline/ledger-recorder.ts';
import { LiveLedger } from '../pipeline/live-ledger.ts';
import type { Monitor } from '../pipeline/monitor.ts';
import { systemClock } from '../platform/clock.ts';
import { messageOf } from '../platform/error.ts';
import type { Logger } from '../sdk/logger.ts';
import type { AgentConfig } from './configuration.ts';
import { version } from './version.ts';

export interface ControlPlaneOptions {
  readonly config: AgentConfig;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Started. */
  readonly agent: Agent;
  readonly monitor: Monitor;
  readonly tap: EventTap;
  readonly log: Logger;
}

/** What answers the commands of other processes. */
export interface ControlPlane {
  /** Follows a configuration that was reloaded. */
  route(config: AgentConfig): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** The names of all destinations that are not off. */
export const enabledIn = ({ destinations }: AgentConfig): readonly string[] =>
  destinations.filter(({ status }) => status !== 'off').map(({ name }) => name);

const runningIn = ({ destinations }: Agent): readonly string[] =>
  destinations.filter(({ kind }) => kind === 'running').map(({ name }) => name);

const createRecorder = ({ config, agent, log }: ControlPlaneOptions): LedgerRecorder =>
  new LedgerRecorder({
    destinations: runningIn(agent),
    checkpoints: new CheckpointStore(config.state, () => systemClock.now()),
    histories: new HistoryStore(config.state),
    clock: systemClock,
    logger: log,
  });

/** An agent that nobody can ask ships all the same. */
const startServer = async (
  { config, environment, log }: ControlPlaneOptions,
  parts: Omit<ServedAgent, 'identity'>,
): Promise<ControlServer | undefined> => {
  const { admin, state } = config;
  const identity: AgentIdentity = { protocol: controlProtocol, version, pid: process.pid, state: resolve(state) };
  const path = controlSocketOf({ socket: admin.socket, stateDirectory: state, environment });
  try {
    return await startControlServer(path, serveAgent({ identity, ...parts }));
  } catch (error) {
    log.warn({}, `no commands to this agent: ${messageOf(error)}`);
    return undefined;
  }
};

/** Lets other processes ask a running agent, and keeps what they may ask for. */
export const startControlPlane = async (options: ControlPlaneOptions): Promise<ControlPlane> => {
  const { agent, monitor, tap } = options;
  const recorder = createRecorder(options);
  await recorder.start();
  const ledger = new LiveLedger(agent, recorder, systemClock, () => monitor.gapDetection);
  const server = await startServer(options, {
    monitor,
    ledger,
    tap,
    agent,
    clock: systemClock,
    log: options.log,
  });
  return {
    route: async (config) => {
      tap.route(enabledIn(config));
      monitor.route(describeRouting(config));
      await recorder.follow(runningIn(agent));
    },
    close: async () => {
      await server?.close();
      await recorder.close();
    },
  };
};
