import type { RecordFields } from '../event/record.ts';

/** Journal fields by which the agent knows its own lines. */
export const ownLineFields: readonly string[] = ['_SYSTEMD_INVOCATION_ID', '_PID', '_MACHINE_ID'];

/** This run of the agent. Its unit's name is no sign: a proxy's unit stamps every line that it forwards. */
export interface OwnRun {
  /** systemd's id of the run, where the agent is a service (`INVOCATION_ID`, see systemd.exec(5)). */
  readonly invocationId: string | undefined;
  readonly pid: number;
  /** Microseconds since the epoch: an older line with the same pid is another process's. */
  readonly startedUs: number;
  /** Undefined where the host has none: then entries of other machines are not told apart. */
  readonly machineId: string | undefined;
}

/** A record as far as it is needed here. */
interface OwnCandidate {
  readonly fields: RecordFields;
  readonly position: { readonly receivedUs: number };
}

/** Recognises records (or events) that the agent itself wrote, so that shipping them can't make a loop. */
export const createOwnLines = (run: OwnRun): ((candidate: OwnCandidate) => boolean) => {
  const { invocationId, startedUs, machineId } = run;
  const pid = String(run.pid);
  if (invocationId !== undefined) return ({ fields }) => fields.get('_SYSTEMD_INVOCATION_ID') === invocationId;
  return ({ fields, position }) =>
    fields.get('_PID') === pid &&
    position.receivedUs >= startedUs &&
    (machineId === undefined || fields.get('_MACHINE_ID') === machineId);
};
