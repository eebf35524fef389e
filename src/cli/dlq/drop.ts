import type { AdapterManifest } from '#sdk';
import { controlRoutes, type LetterChoice } from '../../admin/control-routes.ts';
import { askAgent, type AgentChoice } from '../agent-client.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { chooseDestination } from './choose-destination.ts';
import { countLetters } from './count-letters.ts';

/** Letters of a destination, which may be left open where only one has any. */
export type ChosenLetters = Omit<LetterChoice, 'destination'> & { readonly destination: string | undefined };

export interface DropOptions {
  readonly letters: ChosenLetters;
  readonly output: 'text' | 'json';
  /** Asks whether to go on; says no where nobody can be asked. */
  readonly confirm: (question: string) => Promise<boolean>;
}

const describeChoice = ({ ids, service, reason }: ChosenLetters, destination: string): string => {
  const which = ids === undefined ? 'all dead letters' : countLetters(ids.length);
  const filters = [
    ...(service === undefined ? [] : [`of service ${service}`]),
    ...(reason === undefined ? [] : [`with reason ${reason}`]),
  ];
  return [which, `of ${destination}`, ...filters].join(' ');
};

/** `sluice dlq drop`: takes letters away for good. */
export const dropLetters = async (
  agent: AgentChoice,
  { letters, output, confirm }: DropOptions,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> =>
  await askAgent(agent, adapters, terminal, async (found) => {
    const destination = await chooseDestination(found, letters.destination);
    if (!(await confirm(`Drop ${describeChoice(letters, destination)}? They can't be brought back.`)))
      return exitCode.general;
    const { dropped } = await found.client.ask(controlRoutes.dropLetters, { ...letters, destination });
    if (output === 'json') terminal.out(`${JSON.stringify({ destination, dropped })}\n`);
    else terminal.out(`${countLetters(dropped)} of ${destination} dropped\n`);
    return letters.ids === undefined || dropped === letters.ids.length ? exitCode.ok : exitCode.general;
  });
