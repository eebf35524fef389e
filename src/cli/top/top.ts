import type { AdapterManifest } from '#sdk';
import { controlRoutes } from '../../admin/control-routes.ts';
import type { AgentStatus } from '../../pipeline/status.ts';
import { systemClock } from '../../platform/clock.ts';
import { askAgent, describeAgentFailure, findAgent, type AgentChoice, type FoundAgent } from '../agent-client.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { createPaint } from '../paint.ts';
import { onStopSignal } from '../stop-signals.ts';
import type { Terminal } from '../terminal.ts';
import { renderFrame } from './frame.ts';
import { keysIn } from './key.ts';
import { Screen } from './screen.ts';
import { firstView, pressed, type View } from './view.ts';

/** How often the agent is asked. */
const refreshMs = 1000;
/** An agent that takes longer is shown not to answer. */
const answerTimeoutMs = 5000;

interface Seen {
  readonly status: AgentStatus;
  readonly atMs: number;
}

/** What `sluice top` does between opening and closing the screen. */
class LiveView {
  readonly #findAgent: () => Promise<FoundAgent>;
  readonly #screen: Screen;
  readonly #paint: ReturnType<typeof createPaint>;
  readonly #stop = new AbortController();
  #agent: FoundAgent;
  #view: View = firstView;
  #seen: Seen;
  #trouble: string | undefined;

  constructor(agent: FoundAgent, seen: Seen, find: () => Promise<FoundAgent>, isColored: boolean) {
    this.#agent = agent;
    this.#seen = seen;
    this.#findAgent = find;
    this.#paint = createPaint(isColored);
    this.#screen = new Screen(process.stdin, process.stdout, {
      onInput: (input) => this.#onInput(input),
      onStale: () => this.#draw(),
    });
  }

  async run(): Promise<void> {
    const { signal } = this.#stop;
    const stopListening = onStopSignal(systemClock, () => this.#stop.abort(new Error('top ends')));
    this.#screen.open();
    try {
      while (!signal.aborted) {
        this.#draw();
        await systemClock.sleep(refreshMs, signal).catch(() => undefined);
        if (!signal.aborted && !this.#view.isPaused) await this.#refresh();
      }
    } finally {
      this.#screen.close();
      stopListening();
    }
  }

  async #refresh(): Promise<void> {
    try {
      if (this.#trouble !== undefined) this.#agent = await this.#findAgent();
      this.#seen = await ask(this.#agent, this.#stop.signal);
      this.#trouble = undefined;
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#trouble = describeAgentFailure(error).message;
    }
  }

  #onInput(input: string): void {
    const { destinations, denied } = this.#seen.status;
    for (const key of keysIn(input)) {
      if (key === 'quit') this.#stop.abort(new Error('top ends'));
      this.#view = pressed(this.#view, key, destinations.length + denied.length);
    }
    this.#draw();
  }

  #draw(): void {
    const { status, atMs: nowMs } = this.#seen;
    const { identity } = this.#agent;
    const frame = { identity, status, nowMs, view: this.#view, trouble: this.#trouble, paint: this.#paint };
    this.#screen.show(renderFrame({ ...frame, ...this.#screen.size }));
  }
}

const ask = async ({ client }: FoundAgent, signal: AbortSignal): Promise<Seen> => {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]);
  return { status: await client.ask(controlRoutes.status, {}, limited), atMs: systemClock.now() };
};

/** `sluice top`: the agent live, until q. */
export const top = async (
  choice: AgentChoice,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> => {
  if (terminal.columns === undefined || !process.stdin.isTTY || terminal.environment['TERM'] === 'dumb') {
    terminal.err('sluice: top needs a terminal that it can draw on; for scripts there is "sluice status -o json"\n');
    return exitCode.usage;
  }
  return await askAgent(choice, adapters, terminal, async (agent) => {
    const find = async (): Promise<FoundAgent> => await findAgent(choice, adapters, terminal);
    const seen = await ask(agent, new AbortController().signal);
    await new LiveView(agent, seen, find, terminal.colorOut).run();
    return exitCode.ok;
  });
};
