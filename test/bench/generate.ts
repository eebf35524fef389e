import { type Container, makeContainers } from './containers.ts';
import { makeMessage } from './messages.ts';
import { seededRandom } from './random.ts';

/** Part of the cache's key: raise it whenever the same seed gives other entries. */
export const generatorVersion = 1;

export interface GeneratorOptions {
  readonly seed: number;
  readonly entries: number;
  /** Receive time of the last entry, in milliseconds since the epoch. */
  readonly endsAtMs: number;
}

/** Entries written at once; keeps strings of some hundred KiB. */
export const entriesPerChunk = 500;
/** Between two entries of the journal: 1,000 lines a second. */
const spacingUs = 1000;
const bootMonotonicUs = 60_000_000;
const bootId = 'b0'.repeat(16);
const stderrShare = 0.1;

/** The fields that all entries of a container share, as Docker 20.10 and journald set them, in the export format. */
const sharedFields = ({ name, id }: Container): string => `_BOOT_ID=${bootId}
_MACHINE_ID=${'a1'.repeat(16)}
_HOSTNAME=ip-10-0-0-1
_TRANSPORT=journal
_PID=702
_UID=0
_GID=0
_COMM=dockerd
_EXE=/usr/sbin/dockerd
_CMDLINE=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
_CAP_EFFECTIVE=1ffffffffff
_SELINUX_CONTEXT=unconfined
_SYSTEMD_CGROUP=/system.slice/docker.service
_SYSTEMD_UNIT=docker.service
_SYSTEMD_SLICE=system.slice
_SYSTEMD_INVOCATION_ID=${'c2'.repeat(16)}
CONTAINER_ID=${id.slice(0, 12)}
CONTAINER_ID_FULL=${id}
CONTAINER_NAME=${name}
CONTAINER_TAG=${id.slice(0, 12)}
IMAGE_NAME=registry.example.com/shop/${name}:1.4.2
SYSLOG_IDENTIFIER=${id.slice(0, 12)}
`;

const formatEntry = (shared: string, index: number, realtimeUs: number, random: () => number): string =>
  `__REALTIME_TIMESTAMP=${realtimeUs}
__MONOTONIC_TIMESTAMP=${bootMonotonicUs + index * spacingUs}
${shared}PRIORITY=${random() < stderrShare ? 3 : 6}
_SOURCE_REALTIME_TIMESTAMP=${realtimeUs - 50 - Math.floor(random() * 200)}
MESSAGE=${makeMessage(random, Math.floor(realtimeUs / 1000))}

`;

/**
 * The entries of a busy Docker host in systemd's export format (JOURNAL_EXPORT_FORMATS.md), some hundred at a time: 25
 * fields, 200 containers in turn at random, standard output and standard error.
 */
export function* generateExport({ seed, entries, endsAtMs }: GeneratorOptions): Generator<string> {
  const random = seededRandom(seed);
  const shared = makeContainers().map(sharedFields);
  const firstUs = endsAtMs * 1000 - (entries - 1) * spacingUs;
  let chunk = '';
  for (let index = 0; index < entries; index += 1) {
    const container = shared[Math.floor(random() * shared.length)] ?? '';
    chunk += formatEntry(container, index, firstUs + index * spacingUs, random);
    if ((index + 1) % entriesPerChunk !== 0 && index + 1 < entries) continue;
    yield chunk;
    chunk = '';
  }
}
