import type { Agent } from './agent.ts';
import type { RunningDestination } from './destination.ts';

/** Lines of all services that the source holds and a destination has not read; undefined when the source can't tell. */
export const unreadLines = async (agent: Agent, { lane }: RunningDestination): Promise<number | undefined> => {
  const head = await agent.newest();
  const [progress] = lane.main.shards.values();
  if (head === undefined || progress === undefined) return undefined;
  const { settlement, resume } = progress;
  const cursor = settlement.newest?.cursor() ?? (resume.kind === 'after' ? resume.cursor : undefined);
  const unread = cursor === undefined ? undefined : agent.source.recordsBetween(cursor, head.position);
  // What is known of the newest record is some seconds old: the lane may be past it.
  return unread === undefined ? undefined : Math.max(0, unread);
};
