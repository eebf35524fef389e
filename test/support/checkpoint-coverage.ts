import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import type { RecordIdentity } from '../../src/delivery/record-hash.ts';
import { RecordSet } from '../../src/delivery/record-set.ts';

interface ShardState {
  readonly resume: { readonly kind: string; readonly cursor?: string | undefined };
  readonly settled: string;
}

/** A record, and its place in the source: 0 for the first. */
export interface PlacedRecord extends RecordIdentity {
  readonly place: number;
}

/** The place of the record that a cursor names. */
type PlaceOf = (cursor: string) => number;

/** Tells whether a shard's state says that a record is settled, be it for the lane or for one parked key. */
const covers = ({ resume, settled }: ShardState, placeOf: PlaceOf): ((record: PlacedRecord) => boolean) => {
  const upTo = resume.kind === 'after' && resume.cursor !== undefined ? placeOf(resume.cursor) : -1;
  const set = RecordSet.decode(settled);
  return (record) => record.place <= upTo || set.has(record);
};

/**
 * What a checkpoint remembers as settled, worked out from the file alone: all else, and no more, may be sent again.
 *
 * @returns a test of one record (of a joined event, the first), given the batch key that its event had; without a key,
 *   whatever a parked key may send again counts as not covered.
 */
export const coverageOf = (
  checkpoint: Pick<Checkpoint, 'cursors' | 'parked'> | undefined,
  placeOf: PlaceOf,
): ((record: PlacedRecord, key?: string) => boolean) => {
  if (checkpoint === undefined) return () => false;
  const [main = {}] = Object.values(checkpoint.cursors);
  const byLane = Object.values(main).map((state) => covers(state, placeOf));
  const parked = checkpoint.parked.map(({ key, unsettled, following = {} }) => ({
    key,
    unsettled: Object.values(unsettled).map(({ records }) => RecordSet.decode(records)),
    following: Object.values(following).map((state) => covers(state, placeOf)),
  }));
  return (record, key) =>
    byLane.every((isCovered) => isCovered(record)) &&
    parked.every(
      (one) =>
        (key !== undefined && one.key !== key) ||
        (one.unsettled.every((set) => !set.has(record)) && one.following.every((isCovered) => isCovered(record))),
    );
};
