import type { AdapterManifest } from '#sdk';
import { controlRoutes } from '../../admin/control-routes.ts';
import { type RetriedLetter, retryResults } from '../../dead-letters/retry.ts';
import { printable } from '../../platform/printable.ts';
import { askAgent, type AgentChoice, type FoundAgent } from '../agent-client.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { formatCount } from '../figures.ts';
import type { Terminal } from '../terminal.ts';
import { chooseDestination } from './choose-destination.ts';
import type { ChosenLetters } from './drop.ts';
import { safeJson } from './letter-json.ts';

export interface RetryOptions {
  readonly letters: ChosenLetters;
  readonly output: 'text' | 'json';
  /** Ends waiting: what is not done stays a letter. */
  readonly signal: AbortSignal;
}

const describe = ({ id, result, answer }: RetriedLetter): string =>
  `${id}  ${result}${answer === '' ? '' : `: ${printable(answer)}`}`;

const summarize = (counts: ReadonlyMap<RetriedLetter['result'], number>): string => {
  const counted = retryResults.flatMap((result) => {
    const letters = counts.get(result);
    return letters === undefined ? [] : [`${result} ${formatCount(letters)}`];
  });
  return counted.length === 0 ? 'no such dead letters' : counted.join(', ');
};

/** A destination that takes nothing takes no letters either: they wait, and so does the command. */
const sayObstacle = async ({ client }: FoundAgent, destination: string, { err }: Terminal): Promise<void> => {
  const { destinations } = await client.ask(controlRoutes.status, {});
  const condition = destinations.find(({ name }) => name === destination)?.condition;
  if (condition === undefined || condition.state === 'ok') return;
  err(`${destination} is ${condition.state} (${printable(condition.reason)}): waiting until it takes lines again\n`);
};

/** `sluice dlq retry`: sends letters again, and tells of each. Fails when one was not delivered. */
export const retryLetters = async (
  agent: AgentChoice,
  { letters, output, signal }: RetryOptions,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> =>
  await askAgent(agent, adapters, terminal, async (found) => {
    const destination = await chooseDestination(found, letters.destination);
    await sayObstacle(found, destination, terminal);
    const counts = new Map<RetriedLetter['result'], number>();
    try {
      for await (const told of found.client.follow(controlRoutes.retryLetters, { ...letters, destination }, signal)) {
        counts.set(told.result, (counts.get(told.result) ?? 0) + 1);
        terminal.out(`${output === 'json' ? safeJson({ destination, ...told }) : describe(told)}\n`);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
      terminal.err('stopped: what was not done stays a dead letter\n');
    }
    terminal.err(`${destination}: ${summarize(counts)}\n`);
    const undelivered = [...counts.keys()].some((result) => result !== 'delivered');
    return undelivered || signal.aborted ? exitCode.general : exitCode.ok;
  });
