import type { RecordPosition } from '../event/record.ts';
import type { ServiceLoss } from '../sdk/feed.ts';
import type { Logger } from '../sdk/logger.ts';

/** Records with losses that are known to have been read; older ones no feed comes by again, as a rule. */
const maxRemembered = 1000;

/** Says what was lost before it could be read: once, however many feeds read the record that tells of it. */
export const createLossLog = (logger: Logger): ((position: RecordPosition, losses: readonly ServiceLoss[]) => void) => {
  const said = new Set<string>();
  return (position, losses) => {
    const id = position.id();
    if (said.has(id)) return;
    const [oldest] = said;
    if (said.size >= maxRemembered && oldest !== undefined) said.delete(oldest);
    said.add(id);
    for (const { reason, count, service } of losses) {
      logger.warn({ reason, count, service }, 'lines were lost before they could be read');
    }
  };
};
