import { existsSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { messageOf } from '../error.ts';
import { isAmazonHardware } from './amazon-hardware.ts';
import type { CloudIdentity } from './cloud-identity.ts';
import { readEcsAgent } from './ecs-agent.ts';
import { readInstanceMetadata } from './instance-metadata.ts';

/** Where the cloud is asked; given for tests. */
export interface CloudPlaces {
  readonly dmiDirectory: string;
  /** There where an ECS agent is set up, also outside EC2 (ECS Anywhere). */
  readonly ecsDirectory: string;
  readonly metadataEndpoint: string;
  readonly ecsEndpoint: string;
}

export const cloudPlaces: CloudPlaces = {
  dmiDirectory: '/sys/class/dmi/id',
  ecsDirectory: '/etc/ecs',
  metadataEndpoint: 'http://169.254.169.254',
  ecsEndpoint: 'http://localhost:51678',
};

export interface DiscoveryOptions {
  /** False: nobody is asked. */
  readonly enabled: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly places: CloudPlaces;
  /** Told once for each service that gave no answer at the last attempt. */
  readonly onFailure: (message: string) => void;
}

/** An identity that becomes known while the agent runs. */
export interface Discovery {
  /** What is known so far. A new object when more is known. */
  current(): CloudIdentity;
  /** Resolves when nothing more will be found out; never rejects. */
  readonly done: Promise<void>;
}

type Read = (endpoint: string, timeoutMs: number, signal: AbortSignal) => Promise<CloudIdentity>;

/** A request within the host takes milliseconds. */
const timeoutMs = 1000;

/** Pauses before each attempt: the network and the ECS agent may start after us. */
const pausesMs = [0, 1_000, 10_000, 60_000, 300_000];

/** Someone who may know where this host runs. */
interface Informant {
  readonly read: Read;
  readonly endpoint: string;
  /** False where it is well that nobody answers. */
  readonly isExpected: boolean;
}

const ask = async ({ read, endpoint, isExpected }: Informant, options: DiscoveryOptions): Promise<CloudIdentity> => {
  const { clock, signal, onFailure } = options;
  let failure = '';
  for (const pauseMs of pausesMs) {
    try {
      if (pauseMs > 0) await clock.sleep(pauseMs, signal);
      return await read(endpoint, timeoutMs, signal);
    } catch (error) {
      if (signal.aborted) return {};
      failure = messageOf(error);
    }
  }
  if (isExpected) onFailure(`${endpoint} does not say where this host runs, so that events go without it: ${failure}`);
  return {};
};

const informantsOf = (places: CloudPlaces): Informant[] => {
  const isAmazon = isAmazonHardware(places.dmiDirectory);
  const hasEcs = existsSync(places.ecsDirectory);
  const informants: Informant[] = [];
  if (isAmazon) informants.push({ read: readInstanceMetadata, endpoint: places.metadataEndpoint, isExpected: true });
  if (isAmazon || hasEcs) informants.push({ read: readEcsAgent, endpoint: places.ecsEndpoint, isExpected: hasEcs });
  return informants;
};

/** Asks EC2 and ECS in the background, only where the machine says that they are there. Never delays anything. */
export const discoverCloudIdentity = (options: DiscoveryOptions): Discovery => {
  let identity: CloudIdentity = {};
  const learn = async (informant: Informant): Promise<void> => {
    const more = await ask(informant, options);
    identity = { ...identity, ...more };
  };
  const informants = options.enabled ? informantsOf(options.places) : [];
  return { current: () => identity, done: Promise.all(informants.map(learn)).then(() => undefined) };
};
