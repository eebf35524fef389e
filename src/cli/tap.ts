import type { AdapterManifest } from '#sdk';
import { controlRoutes } from '../admin/control-routes.ts';
import type { TapMessage } from '../pipeline/tap-message.ts';
import { systemClock } from '../platform/clock.ts';
import { AgentError, askAgent, type AgentChoice, type FoundAgent } from './agent-client.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { jsonOutput } from './json-output.ts';
import { createPaint } from './paint.ts';
import { onStopSignal } from './stop-signals.ts';
import { renderTapped } from './tap-line.ts';
import type { Terminal } from './terminal.ts';

export interface TapOptions {
  readonly destination?: string | undefined;
  readonly service?: string | undefined;
  readonly level?: string | undefined;
  readonly output: 'short' | 'json';
}

/** The event itself, with who gets it; that some were missed is no event and goes to standard error. */
const show = (message: TapMessage, { destination, output }: TapOptions, terminal: Terminal): void => {
  const paint = createPaint(terminal.colorOut);
  if (output === 'short') return terminal.out(`${renderTapped(message, destination === undefined, paint)}\n`);
  if (message.kind === 'missed') return terminal.err(`${renderTapped(message, false, createPaint(terminal.color))}\n`);
  terminal.out(`${jsonOutput({ ...message.event, destinations: message.destinations })}\n`);
};

const showAll = async (
  { client }: FoundAgent,
  options: TapOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> => {
  const { destination, service, level } = options;
  try {
    for await (const message of client.follow(controlRoutes.tap, { destination, service, level }, signal)) {
      show(message, options, terminal);
      await terminal.drained();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};

/** `sluice tap`: shows events as they pass, until ^C. */
export const tap = async (
  options: TapOptions,
  choice: AgentChoice,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> => {
  const stop = new AbortController();
  const stopListening = onStopSignal(systemClock, () => stop.abort(new Error('tap ends')));
  const code = await askAgent(choice, adapters, terminal, async (agent) => {
    await showAll(agent, options, terminal, stop.signal);
    if (stop.signal.aborted) return exitCode.ok;
    throw new AgentError(exitCode.unavailable, 'the agent is gone');
  });
  stopListening();
  return code;
};
