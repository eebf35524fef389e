import type { Destination, RunningDestination } from '../pipeline/destination.ts';
import { RequestError } from './request-error.ts';

/**
 * The destination of a name.
 *
 * @throws {RequestError} when there is none, or it does not run.
 */
export const findRunning = (destinations: readonly Destination[], name: string): RunningDestination => {
  const found = destinations.find((destination) => destination.name === name);
  if (found?.kind === 'running') return found;
  if (found !== undefined) throw new RequestError(409, `${name} does not run: ${found.condition.reason}`);
  const names = destinations.map((destination) => destination.name).join(', ');
  throw new RequestError(404, `the agent has no destination "${name}"; there is: ${names}`);
};
