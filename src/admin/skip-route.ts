import type { Agent } from '../pipeline/agent.ts';
import type { RunningDestination } from '../pipeline/destination.ts';
import { pendingByService } from '../pipeline/pending-by-service.ts';
import { unreadLines } from '../pipeline/unread-lines.ts';
import type { Clock } from '../platform/clock.ts';
import { compileGlob } from '../policy/match/glob.ts';
import type { Logger } from '../sdk/logger.ts';
import { controlRoutes, type SkipAnswer, type SkipRequest } from './control-routes.ts';
import { findRunning } from './find-running.ts';
import { RequestError } from './request-error.ts';
import { serveOnce, type ServedRoute } from './served-route.ts';

/** Clocks of asker and agent are one; a moment of rounding is no future. */
const toleranceMs = 1000;

const countSkipped = ({ account }: RunningDestination): number =>
  account.balance(0).dropped['skipped by operator'] ?? 0;

const countHeld = ({ lane }: RunningDestination, { service, untilMs }: SkipRequest): number => {
  const fits = service === undefined ? (): boolean => true : compileGlob(service);
  return [...pendingByService(lane, untilMs * 1000)].reduce(
    (sum, [name, lines]) => (fits(name) ? sum + lines : sum),
    0,
  );
};

const waitsSinceMs = ({ lane }: RunningDestination): number | undefined => {
  const sinceUs = lane.oldestWaitingUs ?? lane.main.safeUs;
  return sinceUs === undefined ? undefined : Math.floor(sinceUs / 1000);
};

/** What is held goes at once; lanes settle within the call. */
const drop = (destination: RunningDestination, { service, untilMs }: SkipRequest): number => {
  const before = countSkipped(destination);
  const skip = { untilUs: untilMs * 1000, ...(service !== undefined && { service }) };
  if (destination.lane.skip(skip)) return countSkipped(destination) - before;
  throw new RequestError(409, `${destination.name} has too many skips to remember that it has not passed yet`);
};

/** Giving up lines of a destination, or first saying which. */
export const serveSkip = (agent: Agent, clock: Clock, logger: Logger): ServedRoute =>
  serveOnce(controlRoutes.skip, async (asked): Promise<SkipAnswer> => {
    if (asked.untilMs > clock.now() + toleranceMs) throw new RequestError(400, 'what is yet to come is not skipped');
    const destination = findRunning(agent.destinations, asked.destination);
    const unread = await unreadLines(agent, destination);
    const found = { held: countHeld(destination, asked), unread, waitsSinceMs: waitsSinceMs(destination) };
    if (asked.dryRun === true) return { ...found, dropped: 0 };
    const dropped = drop(destination, asked);
    const { name } = destination;
    logger.warn(
      { destination: name, service: asked.service, untilMs: asked.untilMs, dropped },
      'an operator skips lines',
    );
    return { ...found, dropped };
  });
