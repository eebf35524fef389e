import { fingerprintOf } from '../config/fingerprint.ts';
import type { Agent } from '../pipeline/agent.ts';
import type { AgentPlan } from '../pipeline/agent-plan.ts';
import { messageOf } from '../platform/error.ts';
import type { Notifier } from '../platform/notify.ts';
import type { Logger } from '../sdk/logger.ts';
import type { AgentConfig } from './configuration.ts';
import type { ControlPlane } from './control-plane.ts';

export interface ReloadOptions {
  /** What is in force. */
  readonly config: AgentConfig;
  /** Reads the files anew; undefined when they are wrong, of which the user was told. */
  readonly load: () => Promise<AgentConfig | undefined>;
  readonly plan: (config: AgentConfig) => AgentPlan;
  readonly agent: Agent;
  readonly control: ControlPlane;
  readonly notifier: Notifier;
  readonly log: Logger;
}

/** What a reload leaves as it is, since it belongs to the process, and what it is called in the file. */
const restartKeys: ReadonlyMap<keyof AgentConfig, string> = new Map([
  ['sources', 'sources'],
  ['state', 'state'],
  ['memoryBytes', 'memory'],
  ['cloudIdentity', 'cloud_identity'],
  ['log', 'log'],
  ['admin', 'admin'],
]);

const sayRestartKeys = (inForce: AgentConfig, loaded: AgentConfig, log: Logger): void => {
  const changed = [...restartKeys].filter(([key]) => fingerprintOf(inForce[key]) !== fingerprintOf(loaded[key]));
  if (changed.length === 0) return;
  const names = changed.map(([, name]) => name).join(', ');
  log.warn({}, `${names}: changed in the file, and in force only after a restart`);
};

/** @returns the configuration that is in force afterwards: a wrong one changes nothing. */
const reload = async (inForce: AgentConfig, options: ReloadOptions): Promise<AgentConfig> => {
  const { load, plan, agent, control, log } = options;
  const loaded = await load();
  if (loaded === undefined) {
    log.error({}, 'not reloaded: the files are wrong, the configuration before stays in force');
    return inForce;
  }
  const { sources, state, memoryBytes, cloudIdentity, admin } = inForce;
  const next = { ...loaded, sources, state, memoryBytes, cloudIdentity, log: inForce.log, admin };
  const changes = await agent.reload(plan(next));
  await control.route(next);
  log.info(Object.fromEntries(changes.map(({ destination, change }) => [destination, change])), 'reloaded');
  sayRestartKeys(inForce, loaded, log);
  return next;
};

/** Reloads at each SIGHUP, one after the other, until `signal` aborts. */
export const reloadOnHangup = (options: ReloadOptions, signal: AbortSignal): void => {
  const { notifier, log } = options;
  let inForce = Promise.resolve(options.config);
  const onHangup = (): void => {
    inForce = inForce.then(async (config) => {
      notifier.reloading();
      try {
        return await reload(config, options);
      } catch (error) {
        log.error({}, `not reloaded: ${messageOf(error)}`);
        return config;
      } finally {
        notifier.ready();
      }
    });
  };
  process.on('SIGHUP', onHangup);
  signal.addEventListener('abort', () => process.off('SIGHUP', onHangup), { once: true });
};
