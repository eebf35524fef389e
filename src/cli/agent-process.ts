import { isatty } from 'node:tty';
import { describeListenError, startAdminServer, type AdminServer } from '../admin/http-server.ts';
import { lockState, StateLockedError, type StateLock } from '../admin/state-lock.ts';
import { StateError } from '../checkpoint/store.ts';
import type { Agent } from '../pipeline/agent.ts';
import type { AgentPlan } from '../pipeline/agent-plan.ts';
import { type AgentSurroundings, buildAgent, planAgent, type SourceOverride } from '../pipeline/build-agent.ts';
import { describeRouting } from '../pipeline/describe-routing.ts';
import { EventTap } from '../pipeline/event-tap.ts';
import { Monitor } from '../pipeline/monitor.ts';
import { feedWatchdog } from '../pipeline/watchdog.ts';
import { systemClock } from '../platform/clock.ts';
import { cloudPlaces, discoverCloudIdentity } from '../platform/cloud-identity/discover.ts';
import { messageOf } from '../platform/error.ts';
import { limitHeapGrowth, stopPretenuring } from '../platform/heap.ts';
import { createHostFacts, readHostIdentity } from '../platform/host-identity.ts';
import { createNotifier, type Notifier } from '../platform/notify.ts';
import type { Logger } from '../sdk/logger.ts';
import { SourceError } from '../sdk/source.ts';
import { chooseLogFormat, createLog } from '../telemetry/log.ts';
import type { AgentConfig } from './configuration.ts';
import { enabledIn, startControlPlane, type ControlPlane } from './control-plane.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { reloadOnHangup } from './reload.ts';
import { onStopSignal } from './stop-signals.ts';
import type { Terminal } from './terminal.ts';

export interface AgentProcessOptions {
  readonly config: AgentConfig;
  readonly terminal: Terminal;
  /** Loads the configuration anew, for SIGHUP; undefined when it is wrong, of which the user was told. */
  readonly reloadConfig?: () => Promise<AgentConfig | undefined>;
  /** Read instead of the configured source. */
  readonly override?: SourceOverride;
  /** Called once everything runs. */
  readonly onStarted: (agent: Agent, adminUrl: string | undefined, log: Logger) => Promise<void>;
  /** Called when everything is stopped. */
  readonly onStopped: (agent: Agent) => Promise<void>;
}

const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof SourceError) return error.kind === 'denied' ? exitCode.permission : exitCode.unavailable;
  if (error instanceof StateError) return exitCode.inputOutput;
  if (error instanceof StateLockedError) return exitCode.unavailable;
  return exitCode.general;
};

/** A mistake of the user's is said in a sentence; a bug of ours with its stack. */
const describeFailure = (error: unknown): string => {
  const isExpected = error instanceof SourceError || error instanceof StateError || error instanceof StateLockedError;
  return isExpected || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message);
};

const startAdmin = async (config: AgentConfig, monitor: Monitor, log: Logger): Promise<AdminServer | undefined> => {
  const { listen } = config.admin;
  if (listen === undefined) return undefined;
  try {
    return await startAdminServer({ ...listen, status: () => monitor.status(), now: () => systemClock.now() });
  } catch (error) {
    log.warn({}, `no health page: ${describeListenError(error, listen.host, listen.port)}`);
    return undefined;
  }
};

const startWatchdog = (notifier: Notifier, monitor: Monitor, signal: AbortSignal): void => {
  const { watchdogIntervalMs: intervalMs } = notifier;
  if (intervalMs === undefined) return;
  const readerSilentMs = (): number => monitor.readerSilentMs;
  void feedWatchdog({ intervalMs, clock: systemClock, readerSilentMs, feed: () => notifier.watchdog() }, signal);
};

/**
 * Runs an agent in the foreground until it is asked to stop or can't go on.
 *
 * @throws {SourceError} only before anything was started, so that the caller may choose another source.
 */
export const runAgentProcess = async (options: AgentProcessOptions): Promise<ExitCode> => {
  const { config, terminal } = options;
  const logFormat = chooseLogFormat(terminal.environment, process.stderr.isTTY);
  const logger = createLog(config.log.level, logFormat, terminal.err);
  const log = logger('agent');
  const stopped = Promise.withResolvers<ExitCode>();
  limitHeapGrowth();
  stopPretenuring();
  const identity = readHostIdentity();
  const ended = new AbortController();
  const discovery = discoverCloudIdentity({
    enabled: config.cloudIdentity === 'auto',
    clock: systemClock,
    signal: ended.signal,
    places: cloudPlaces,
    onFailure: (message) => log.warn({}, message),
  });
  const host = createHostFacts(identity, () => discovery.current());
  const tap = new EventTap(enabledIn(config));
  const surroundings: AgentSurroundings = {
    tap,
    clock: systemClock,
    random: Math.random,
    logger,
    environment: terminal.environment,
    host,
    pid: process.pid,
    startedMs: systemClock.now(),
    onSourceFailed: (error) => {
      log.error({}, `reading ended: ${describeFailure(error)}`);
      stopped.resolve(exitCodeOf(error));
    },
  };
  const agent = buildAgent(config, surroundings, options.override);
  const { memoryBytes } = config;
  const monitor = new Monitor({
    agent,
    clock: systemClock,
    memoryBytes,
    routing: describeRouting(config),
    logger: logger('monitor'),
  });
  const onStop = (reason: string): void => {
    log.info({ reason }, 'stopping');
    stopped.resolve(exitCode.ok);
  };
  const { reloadConfig } = options;
  const stopListening = onStopSignal(systemClock, onStop, reloadConfig === undefined || isatty(process.stderr.fd));
  let lock: StateLock | undefined;
  let control: ControlPlane | undefined;
  try {
    lock = await lockState(config.state);
    await agent.start();
    monitor.start();
    const admin = await startAdmin(config, monitor, log);
    control = await startControlPlane({ config, environment: terminal.environment, agent, monitor, tap, log });
    const notifier = createNotifier(terminal.environment, (error) => log.warn({}, messageOf(error)));
    notifier.ready();
    startWatchdog(notifier, monitor, ended.signal);
    await options.onStarted(agent, admin?.url, log);
    const plan = (next: AgentConfig): AgentPlan => planAgent(next, surroundings, options.override);
    if (reloadConfig !== undefined)
      reloadOnHangup({ config, load: reloadConfig, plan, agent, control, notifier, log }, ended.signal);

    const code = await stopped.promise;
    notifier.stopping();
    for (const { destination, pending } of await agent.stop()) {
      log.info({ destination, pending }, 'lines wait in the source and are sent after the next start');
    }
    await options.onStopped(agent);
    await admin?.close();
    return code;
  } catch (error) {
    await agent.stop();
    if (error instanceof SourceError) throw error;
    terminal.err(`sluice: ${describeFailure(error)}\n`);
    return exitCodeOf(error);
  } finally {
    stopListening();
    ended.abort(new Error('the agent has stopped'));
    monitor.close();
    await control?.close();
    await lock?.release();
  }
};
