import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { CloudIdentity } from './cloud-identity/cloud-identity.ts';

/** Who this host is. */
export interface HostIdentity {
  /** The host's name; never empty. */
  readonly name: string;
  /** 32 hexadecimal digits as journald's `_MACHINE_ID` has them; undefined where the host has none. */
  readonly machineId: string | undefined;
}

/** What is known of this host so far. A new object whenever something became known. */
export interface HostFacts extends HostIdentity {
  readonly cloud: CloudIdentity;
}

/** Where the host's identity is read; given for tests. */
export interface HostIdentitySources {
  readonly hostname: () => string;
  /** See machine-id(5). */
  readonly machineIdFile: string;
}

const systemSources: HostIdentitySources = { hostname, machineIdFile: '/etc/machine-id' };

/** `uname` may fail or be empty under unusual kernels and sandboxes; the agent must start all the same. */
const readName = (sources: HostIdentitySources): string => {
  try {
    const name = sources.hostname().trim();
    return name === '' ? 'localhost' : name;
  } catch {
    return 'localhost';
  }
};

/** Empty on images that were never booted, absent in most containers. */
const readMachineId = (file: string): string | undefined => {
  try {
    const id = readFileSync(file, 'utf8').trim();
    return /^[0-9a-f]{32}$/.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
};

/** Never fails: what can't be read is `localhost` or undefined. */
export const readHostIdentity = (sources: HostIdentitySources = systemSources): HostIdentity => ({
  name: readName(sources),
  machineId: readMachineId(sources.machineIdFile),
});

/** The host's facts at each moment; the same object while nothing new is known. */
export const createHostFacts = (identity: HostIdentity, cloud: () => CloudIdentity): (() => HostFacts) => {
  let facts: HostFacts = { ...identity, cloud: cloud() };
  return () => {
    const now = cloud();
    if (now !== facts.cloud) facts = { ...identity, cloud: now };
    return facts;
  };
};
