import type { DeadLetterStore } from '../dead-letters/store.ts';
import type { LaneOptions } from '../delivery/lane.ts';
import type { DropReason } from '../event/drop-reason.ts';
import type { Outcome } from '../event/outcome.ts';

const refusals: ReadonlySet<Outcome> = new Set<Outcome>(['rejected', 'too large', 'too old', 'too new']);

const isRefusal = (outcome: Outcome): outcome is DropReason => refusals.has(outcome);

/** Makes dead letters of what is refused for good: one for each event, though its parts are refused one by one. */
export const createLetterKeeper = (store: Pick<DeadLetterStore, 'add'>): LaneOptions['onRefused'] => {
  const kept = new WeakSet();
  return (entries, outcome, answer, attempts) => {
    if (!isRefusal(outcome)) return;
    for (const { delivery } of entries) {
      if (kept.has(delivery)) continue;
      kept.add(delivery);
      store.add({ event: delivery.event, reason: outcome, answer, attempts, key: delivery.key });
    }
  };
};
