import { controlRoutes } from '../../admin/control-routes.ts';
import { type FoundAgent, AgentError } from '../agent-client.ts';
import { exitCode } from '../exit-code.ts';

/**
 * The destination whose letters are meant: as named, else the only one that has any.
 *
 * @throws {AgentError} when that is not clear.
 */
export const chooseDestination = async ({ client }: FoundAgent, named: string | undefined): Promise<string> => {
  if (named !== undefined) return named;
  const { destinations } = await client.ask(controlRoutes.status, {});
  const [only, ...others] = destinations.filter(({ deadLetters }) => (deadLetters?.letters ?? 0) > 0);
  if (only === undefined) throw new AgentError(exitCode.general, 'no destination has dead letters');
  if (others.length === 0) return only.name;
  const names = [only, ...others].map(({ name }) => name).join(', ');
  throw new AgentError(exitCode.usage, `say with --to whose letters are meant: ${names}`);
};
