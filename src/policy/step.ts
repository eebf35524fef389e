import type { DropReason } from '../event/drop-reason.ts';
import type { LogEvent } from '../event/event.ts';

/** Why an event is not for each destination, in the order of the configured destinations; undefined: it is. */
export type Reasons = (DropReason | undefined)[];

/** One step of policy: fills in reasons where there are none yet. */
export type PolicyStep = (event: LogEvent, reasons: Reasons) => void;

/** Is told of each rule or route that had a say, by its index in the configuration. */
export type OnDecision = (by: 'rules' | 'routes', index: number) => void;

/**
 * A step, compiled. Made anew for each reader, as a step may remember what it saw; told where an explanation is wanted.
 */
export type CreateStep = (onDecision?: OnDecision) => PolicyStep;
