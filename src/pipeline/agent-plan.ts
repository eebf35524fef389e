import type { DestinationConfig } from '../config/config.ts';
import { fingerprintOf } from '../config/fingerprint.ts';
import type { Judge } from '../policy/policy.ts';
import type { Source, Start } from '../sdk/source.ts';
import type { Assembler } from './assembler.ts';

/** What a configuration asks of an agent: what a reload may change. */
export interface AgentPlan {
  readonly source: Source;
  /** Where a destination without a checkpoint begins, unless it says otherwise. */
  readonly start: Start;
  readonly destinations: readonly DestinationConfig[];
  /** Made for each feed: it holds the joins that are open at the feed's position, in so many bytes of memory. */
  readonly createAssembler: (maxOpenBytes: number) => Assembler;
  /** The same for the feeds of a replay, whose judge says less; who looks at what passes wants to see what is live. */
  readonly createReplayAssembler: (maxOpenBytes: number, narrow: (judge: Judge) => Judge) => Assembler;
}

/** What a reload did to a destination. */
export interface DestinationChange {
  readonly destination: string;
  readonly change: 'added' | 'changed' | 'removed' | 'kept';
}

const destinationIn = ({ destinations }: AgentPlan, name: string): DestinationConfig | undefined =>
  destinations.find((each) => each.name === name);

const enabledIn = ({ destinations }: AgentPlan): readonly string[] =>
  destinations.filter(({ status }) => status !== 'off').map(({ name }) => name);

/** True when a destination may go on as it is under another plan. */
export const isSameIn = (before: AgentPlan, after: AgentPlan, name: string): boolean => {
  const [one, other] = [destinationIn(before, name), destinationIn(after, name)];
  if (one?.status !== 'ready' || other?.status !== 'ready') return false;
  const saying = ({ adapter, options, lane }: typeof one): string => fingerprintOf([adapter.name, options, lane]);
  return saying(one) === saying(other);
};

/** @param kept names of the destinations that go on as they are. */
export const changesBetween = (
  before: AgentPlan,
  after: AgentPlan,
  kept: readonly string[],
): readonly DestinationChange[] => {
  const [old, present] = [enabledIn(before), enabledIn(after)];
  const removed = old.filter((name) => !present.includes(name));
  return [
    ...removed.map((destination): DestinationChange => ({ destination, change: 'removed' })),
    ...present.map((destination): DestinationChange => {
      if (!old.includes(destination)) return { destination, change: 'added' };
      return { destination, change: kept.includes(destination) ? 'kept' : 'changed' };
    }),
  ];
};
