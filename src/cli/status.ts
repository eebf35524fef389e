import type { AdapterManifest } from '#sdk';
import { controlRoutes } from '../admin/control-routes.ts';
import { concernsOf } from '../admin/health.ts';
import { systemClock } from '../platform/clock.ts';
import { askAgent, type AgentChoice } from './agent-client.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { jsonOutput } from './json-output.ts';
import { createPaint } from './paint.ts';
import { renderStatus } from './status-page.ts';
import { pageWidth, type Terminal } from './terminal.ts';

/** `sluice status`: the agent on one screen. Fails when a person should look at something. */
export const status = async (
  choice: AgentChoice,
  format: 'text' | 'json',
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> =>
  await askAgent(choice, adapters, terminal, async ({ client, identity }) => {
    const now = await client.ask(controlRoutes.status, {});
    const nowMs = systemClock.now();
    const concerns = concernsOf(now, nowMs);
    if (format === 'json') {
      terminal.out(`${jsonOutput({ agent: identity, concerns, ...now }, 2)}\n`);
    } else {
      const page = { identity, status: now, nowMs, width: pageWidth(terminal) };
      terminal.out(`${renderStatus({ ...page, paint: createPaint(terminal.colorOut) }).join('\n')}\n`);
    }
    return concerns.length === 0 ? exitCode.ok : exitCode.general;
  });
