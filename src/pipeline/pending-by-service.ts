import type { Lane } from '../delivery/lane.ts';

/** Records that a lane has taken and not settled, by whose they are: counted one by one, so that it proves the ledger. */
export const pendingByService = (lane: Lane, shards: Iterable<string>): ReadonlyMap<string, number> => {
  const pending = new Map<string, number>();
  for (const shard of shards) {
    const settlement = lane.progressOf(shard)?.settlement;
    if (settlement === undefined) continue;
    for (let ordinal = settlement.lowWater; ordinal < settlement.next; ordinal += 1) {
      if (!settlement.isPending(ordinal)) continue;
      const service = settlement.serviceAt(ordinal);
      pending.set(service, (pending.get(service) ?? 0) + 1);
    }
  }
  return pending;
};
