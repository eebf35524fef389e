import type { Lane } from '../delivery/lane.ts';

/**
 * Records that a lane has taken and not settled, by whose they are: counted one by one, so that it proves the ledger.
 *
 * @param untilUs only those that the source received until then, in microseconds; of parked keys all are counted.
 */
export const pendingByService = (lane: Lane, untilUs = Number.POSITIVE_INFINITY): ReadonlyMap<string, number> => {
  const pending = new Map<string, number>();
  const add = (service: string, records: number): void => {
    pending.set(service, (pending.get(service) ?? 0) + records);
  };
  for (const { settlement } of lane.main.shards.values()) {
    for (let ordinal = settlement.lowWater; ordinal < settlement.next; ordinal += 1) {
      const { receivedUs = 0 } = settlement.positionAt(ordinal) ?? {};
      if (receivedUs <= untilUs && settlement.isPending(ordinal)) add(settlement.serviceAt(ordinal), 1);
    }
  }
  for (const { outstanding } of lane.parked) {
    for (const { service, records } of outstanding.entries()) add(service, records);
  }
  return pending;
};
