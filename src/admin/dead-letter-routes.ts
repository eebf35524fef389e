import { type RetriedLetter, retryLetters } from '../dead-letters/retry.ts';
import type { LetterQuery } from '../dead-letters/read-letters.ts';
import type { Destination, RunningDestination } from '../pipeline/destination.ts';
import type { Clock } from '../platform/clock.ts';
import { controlRoutes, type LetterChoice } from './control-routes.ts';
import { findRunning } from './find-running.ts';
import { RequestError } from './request-error.ts';
import { serveOnce, serveStream, type ServedRoute } from './served-route.ts';

/** Letters that a lane gets beside its own lines at any time. */
const maxInFlight = 100;
/** Memory of these, beside what the lane may hold; one that is larger goes alone. */
const maxInFlightBytes = 1024 * 1024;

const queryOf = ({ ids, service, reason }: LetterChoice): LetterQuery => ({
  ...(ids !== undefined && { ids: new Set(ids) }),
  ...(service !== undefined && { service }),
  ...(reason !== undefined && { reason }),
});

const drop = async ({ letters }: RunningDestination, query: LetterQuery): Promise<number> => {
  const ids: string[] = [];
  for await (const { id } of letters.letters(query)) ids.push(id);
  return await letters.remove(ids);
};

/** Dropping letters and sending them again: whoever runs the lane owns the files. */
export const serveDeadLetters = (destinations: () => readonly Destination[], clock: Clock): readonly ServedRoute[] => {
  /** Destinations whose letters are being sent again: two rounds would send the same ones twice. */
  const retried = new Set<string>();
  async function* retry(asked: LetterChoice, signal: AbortSignal): AsyncGenerator<RetriedLetter> {
    const { name, lane, letters } = findRunning(destinations(), asked.destination);
    if (retried.has(name)) throw new RequestError(409, `letters of ${name} are being sent again already`);
    retried.add(name);
    try {
      const resend = lane.resend.bind(lane);
      const limits = { maxInFlight, maxInFlightBytes };
      yield* retryLetters(queryOf(asked), { store: letters, resend, now: () => clock.now(), ...limits, signal });
    } finally {
      retried.delete(name);
    }
  }
  return [
    serveOnce(controlRoutes.dropLetters, async (asked) => ({
      dropped: await drop(findRunning(destinations(), asked.destination), queryOf(asked)),
    })),
    serveStream(controlRoutes.retryLetters, retry),
  ];
};
