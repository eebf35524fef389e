import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { RecordSet } from '../delivery/record-set.ts';
import { ServiceTally } from '../delivery/service-tally.ts';

/** Takes records that will be read once more off what was read. */
const takeOffRead = (services: Checkpoint['services'], unread: ServiceTally): Checkpoint['services'] =>
  services.map((counts) => ({ ...counts, read: Math.max(0, counts.read - unread.recordsOf(counts.service)) }));

/**
 * A checkpoint whose parked keys mean nothing any more, since the templates that keys are made of have changed: the lane
 * goes back to where the first of them was parked. What others were delivered since then comes twice; nothing is lost.
 * Lines that a key had in hands are known by identity and stay parked until they are sent.
 */
export const rekey = (checkpoint: Checkpoint, source: string, keyedBy: string): Checkpoint => {
  const following = checkpoint.parked.filter((parked) => parked.following !== undefined);
  const [oldest] = following.toSorted((one, other) => one.followingUs - other.followingUs);
  const unread = new ServiceTally();
  const parked = checkpoint.parked.map((state) => {
    const tally = ServiceTally.from(state.outstanding);
    const inHands = Object.values(state.unsettled).reduce(
      (sum, { records }) => sum + RecordSet.decode(records).size,
      0,
    );
    while (tally.total > inHands) unread.add(tally.removeAny(), 1);
    return { ...state, following: undefined, digest: 0, outstanding: tally.entries() };
  });
  return {
    ...checkpoint,
    keyedBy,
    cursors: oldest?.following === undefined ? checkpoint.cursors : { [source]: oldest.following },
    parked: parked.filter(({ outstanding }) => outstanding.length > 0),
    services: takeOffRead(checkpoint.services, unread),
  };
};
