import type { Logger } from '../sdk/logger.ts';
import { Alarm } from './alarm.ts';
import type { QueueStatus } from './status.ts';

/** A queue that holds less is emptied by an outage that nobody notices at once. */
const leastSeconds = 3600;
/** Rates tremble: only so much more is enough again. */
const enoughSeconds = leastSeconds * 1.25;

/** True for a queue of which everybody should know how short it is. */
export const isShort = ({ capacitySeconds }: QueueStatus): boolean =>
  typeof capacitySeconds === 'number' && capacitySeconds < leastSeconds;

const isLong = ({ capacitySeconds }: QueueStatus): boolean =>
  capacitySeconds === 'unlimited' || (capacitySeconds !== undefined && capacitySeconds >= enoughSeconds);

/** Says when the source holds lines for less than an hour: at start, and whenever it gets there. */
export class QueueAlarm {
  readonly #logger: Logger;
  readonly #alarm = new Alarm();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  observe(queue: QueueStatus | undefined): void {
    if (queue === undefined || !this.#alarm.observe(isShort(queue), isLong(queue))) return;
    const { capacitySeconds, maxBytes } = queue;
    this.#logger.warn(
      { capacitySeconds: Math.floor(Number(capacitySeconds)), maxBytes },
      `the journal holds a line for ${Math.floor(Number(capacitySeconds) / 60)} min at present rates; what a destination ` +
        'cannot take for longer is lost. Raise SystemMaxUse= (deploy/README.md says how large a journal must be)',
    );
  }
}
