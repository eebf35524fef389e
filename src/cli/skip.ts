import type { AdapterManifest } from '#sdk';
import { controlRoutes, type SkipAnswer } from '../admin/control-routes.ts';
import { systemClock } from '../platform/clock.ts';
import { printable } from '../platform/printable.ts';
import { askAgent, type AgentChoice } from './agent-client.ts';
import { ageOf } from './destination-table.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { formatCount, formatTime } from './figures.ts';
import { jsonOutput } from './json-output.ts';
import { momentOf } from './moment.ts';
import { replayCommand } from './replay-command.ts';
import type { Terminal } from './terminal.ts';

export interface SkipOptions {
  readonly destination: string;
  readonly service?: string | undefined;
  /** `now`, `1h`, or a time. */
  readonly until: string;
  readonly output: 'text' | 'json';
}

type Confirm = (question: string) => Promise<boolean>;

const countLines = (lines: number): string => `${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'}`;

/** What may be dropped, in words that hold: whose the unread lines are, nobody knows before they are read. */
const describeWaiting = (
  { held, unread, waitsSinceMs }: SkipAnswer,
  { destination, service }: SkipOptions,
  nowMs: number,
): string => {
  const whose = service === undefined ? '' : ` of ${service}`;
  const since =
    waitsSinceMs === undefined
      ? ''
      : `; the oldest line waits since ${formatTime(waitsSinceMs)} (${ageOf(nowMs, waitsSinceMs)})`;
  const inJournal = unread === undefined ? 'an unknown number' : formatCount(unread);
  return `${destination}: ${countLines(held)}${whose} in the agent, ${inJournal} yet to be read from the journal${since}`;
};

const isNothing = ({ held, unread, waitsSinceMs }: SkipAnswer, untilMs: number): boolean =>
  (held === 0 && unread === 0) || (waitsSinceMs !== undefined && waitsSinceMs > untilMs);

const describeDropped = ({ dropped }: SkipAnswer, { destination }: SkipOptions, untilMs: number): readonly string[] => [
  `${countLines(dropped)} of ${destination} dropped; what else was received until ${formatTime(untilMs)} is dropped as it is ` +
    'read, but for what is on its way',
  'counted as "skipped by operator"; to send it after all:',
];

/** `sluice skip`: gives up lines that wait for a destination, after asking, and says how to get them after all. */
export const skip = async (
  options: SkipOptions,
  confirm: Confirm,
  choice: AgentChoice,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> =>
  await askAgent(choice, adapters, terminal, async ({ client }) => {
    const { destination, service, until, output } = options;
    const nowMs = systemClock.now();
    const untilMs = momentOf('--until', until, nowMs);
    const request = { destination, service, untilMs };
    const waiting = await client.ask(controlRoutes.skip, { ...request, dryRun: true });
    if (isNothing(waiting, untilMs)) {
      terminal.err(`${printable(destination)}: no line that was received until ${formatTime(untilMs)} waits\n`);
      return exitCode.ok;
    }
    terminal.err(`${printable(describeWaiting(waiting, options, nowMs))}\n`);
    if (!(await confirm(`Drop what was received until ${formatTime(untilMs)}?`))) return exitCode.general;
    const skipped = await client.ask(controlRoutes.skip, request);
    const { waitsSinceMs: sinceMs = untilMs, dropped } = skipped;
    const replay = replayCommand({ destination, service, sinceMs, untilMs }, choice);
    if (output === 'json') {
      const span = { since: new Date(sinceMs).toISOString(), until: new Date(untilMs).toISOString() };
      terminal.out(`${jsonOutput({ destination, service, ...span, dropped, replay })}\n`);
    } else {
      const lines = [...describeDropped(skipped, options, untilMs), `  ${replay}`];
      terminal.out(`${lines.map(printable).join('\n')}\n`);
    }
    return exitCode.ok;
  });
