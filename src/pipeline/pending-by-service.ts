import type { Lane } from '../delivery/lane.ts';

/** Records that a lane has taken and not settled, by whose they are: counted one by one, so that it proves the ledger. */
export const pendingByService = (lane: Lane): ReadonlyMap<string, number> => {
  const pending = new Map<string, number>();
  const add = (service: string, records: number): void => {
    pending.set(service, (pending.get(service) ?? 0) + records);
  };
  for (const { settlement } of lane.main.shards.values()) {
    for (let ordinal = settlement.lowWater; ordinal < settlement.next; ordinal += 1) {
      if (settlement.isPending(ordinal)) add(settlement.serviceAt(ordinal), 1);
    }
  }
  for (const { outstanding } of lane.parked) {
    for (const { service, records } of outstanding.entries()) add(service, records);
  }
  return pending;
};
