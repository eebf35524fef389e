import type { RecordFields } from '../event/record.ts';

/** Journal fields by which the writer of an entry is known: journald's word, no process can set them. */
export const writerFields = ['_TRANSPORT', '_SYSTEMD_UNIT', '_COMM', '_UID'] as const;

const dockerUnits: ReadonlySet<string> = new Set(['docker.service', 'snap.docker.dockerd.service']);
const runtimes: ReadonlySet<string> = new Set(['dockerd', 'conmon']);

/** A process chooses its own name, so that the name counts only where no container can be: containers have scopes. */
const mayHoldRuntime = (unit: string): boolean =>
  !unit.endsWith('.scope') || unit.startsWith('session-') || unit.startsWith('libpod-conmon-');

const isRuntime = (unit: string | undefined, command: string | undefined): boolean => {
  if (unit !== undefined && dockerUnits.has(unit)) return true;
  return command !== undefined && runtimes.has(command) && (unit === undefined || mayHoldRuntime(unit));
};

/**
 * True when the entry comes from Docker's daemon or Podman's monitor, run by root through the native protocol: only then
 * its CONTAINER_* fields are believed, since whoever can write to the journal can set them.
 */
export const isWrittenByRuntime = (fields: RecordFields): boolean => {
  const transport = fields.get('_TRANSPORT');
  if (transport !== undefined && transport !== 'journal') return false;
  const user = fields.get('_UID');
  if (user !== undefined && user !== '0') return false;
  return isRuntime(fields.get('_SYSTEMD_UNIT'), fields.get('_COMM'));
};

/** True when the record is a line of a container. */
export const isContainerLine = (fields: RecordFields): boolean =>
  (fields.get('CONTAINER_ID_FULL') !== undefined || fields.get('CONTAINER_NAME') !== undefined) &&
  isWrittenByRuntime(fields);
