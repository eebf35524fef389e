import type { DropReason } from '../event/drop-reason.ts';
import type { LogEvent } from '../event/event.ts';

/** Why an event is not for each destination, in the order of the configured destinations; undefined: it is. */
export type Reasons = (DropReason | undefined)[];

/** One step of policy: fills in reasons where there are none yet. */
export type PolicyStep = (event: LogEvent, reasons: Reasons) => void;
