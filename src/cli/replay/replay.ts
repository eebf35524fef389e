import type { AdapterManifest } from '#sdk';
import { controlRoutes } from '../../admin/control-routes.ts';
import type { ReplayPlan, ReplayProgress, ReplayResult } from '../../pipeline/replay/replay-report.ts';
import type { ReplayRequest } from '../../pipeline/replay/replay-request.ts';
import { systemClock } from '../../platform/clock.ts';
import { AgentError, askAgent, type AgentChoice, type FoundAgent } from '../agent-client.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { jsonOutput } from '../json-output.ts';
import { ProgressLine } from '../progress-line.ts';
import { onStopSignal } from '../stop-signals.ts';
import type { Terminal } from '../terminal.ts';
import { describePlan, describeProgress, describeResult } from './replay-page.ts';
import { replayRequestOf, type ReplayOptions } from './replay-request.ts';

export interface ReplayCommand {
  readonly options: ReplayOptions;
  readonly output: 'text' | 'json';
  /** Asks whether to begin. */
  readonly confirm: (question: string) => Promise<boolean>;
}

const endedEarly = (last: ReplayProgress | undefined): AgentError => {
  const soFar = last === undefined ? '' : `; the last that it told: ${describeProgress(last)}`;
  const remedy = 'A replay does not outlive its agent: start it again, with --since where this one came to';
  return new AgentError(exitCode.general, `the agent is gone${soFar}. ${remedy}`);
};

/** Follows a replay to its end. ^C asks the agent to end it, which still tells what was done. */
const follow = async ({ client }: FoundAgent, request: ReplayRequest, line: ProgressLine): Promise<ReplayResult> => {
  let last: ReplayProgress | undefined;
  const { destination } = request;
  const stopListening = onStopSignal(systemClock, () => {
    // Where it can't be asked any more, the stream tells.
    client.ask(controlRoutes.cancelReplay, { destination }).catch(() => undefined);
  });
  try {
    for await (const message of client.follow(controlRoutes.replay, request, new AbortController().signal)) {
      if (message.kind === 'result') return message.result;
      last = message.progress;
      line.say(describeProgress(last));
    }
  } catch (error) {
    throw last === undefined ? error : endedEarly(last);
  } finally {
    line.end();
    stopListening();
  }
  throw endedEarly(last);
};

const isSettled = ({ outcome, progress: { uncertain, pending } }: ReplayResult): boolean =>
  outcome === 'complete' && uncertain === 0 && pending === 0;

const question = ({ destination }: ReplayPlan): string => `Send these lines to ${destination} once more?`;

/** `sluice replay`: sends lines once more. Fails when not each of them is delivered, or dropped for a named reason. */
export const replay = async (
  { options, output, confirm }: ReplayCommand,
  choice: AgentChoice,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> =>
  await askAgent(choice, adapters, terminal, async (agent) => {
    const request = replayRequestOf(options, systemClock.now());
    const plan = await agent.client.ask(controlRoutes.planReplay, request);
    for (const text of describePlan(plan)) terminal.err(`${text}\n`);
    if (!plan.dryRun && !(await confirm(question(plan)))) return exitCode.general;
    const result = await follow(agent, request, new ProgressLine(terminal, systemClock));
    if (output === 'json') terminal.out(`${jsonOutput(result, 2)}\n`);
    else terminal.out(`${describeResult(result).join('\n')}\n`);
    return isSettled(result) ? exitCode.ok : exitCode.general;
  });
