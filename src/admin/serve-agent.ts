import type { Agent } from '../pipeline/agent.ts';
import type { EventTap, MissedEvents, TappedEvent } from '../pipeline/event-tap.ts';
import type { LiveLedger } from '../pipeline/live-ledger.ts';
import type { LedgerReport } from '../pipeline/ledger-report.ts';
import type { LedgerRequest } from '../pipeline/ledger-request.ts';
import type { Monitor } from '../pipeline/monitor.ts';
import { tapMessageOf, type TapMessage, type TapRequest } from '../pipeline/tap-message.ts';
import type { Clock } from '../platform/clock.ts';
import { messageOf } from '../platform/error.ts';
import { compileMatch, type EventTest } from '../policy/match/match.ts';
import type { Logger } from '../sdk/logger.ts';
import { controlRoutes, type AgentIdentity } from './control-routes.ts';
import { serveDeadLetters } from './dead-letter-routes.ts';
import { serveReplays } from './replay-routes.ts';
import { RequestError } from './request-error.ts';
import { serveOnce, serveStream, type ServedRoute } from './served-route.ts';
import { serveSkip } from './skip-route.ts';

/** The parts of a running agent that can be asked. */
export interface ServedAgent {
  readonly identity: AgentIdentity;
  readonly monitor: Monitor;
  readonly ledger: LiveLedger;
  readonly tap: EventTap;
  readonly agent: Agent;
  readonly clock: Clock;
  readonly log: Logger;
}

const noDestination = (name: string, known: readonly string[]): RequestError =>
  new RequestError(404, `no destination ${JSON.stringify(name)} runs; there is: ${known.join(', ')}`);

/** An empty answer would look like an account of nothing. */
const reportLedger = (ledger: LiveLedger, request: LedgerRequest): LedgerReport => {
  const report = ledger.report(request);
  if (request.destination === undefined || report.destinations.length > 0) return report;
  throw noDestination(
    request.destination,
    ledger.report({}).destinations.map(({ name }) => name),
  );
};

const compileFilter = ({ service, level }: TapRequest): EventTest => {
  try {
    return compileMatch({ ...(service !== undefined && { service }), ...(level !== undefined && { level }) });
  } catch (error) {
    throw new RequestError(400, messageOf(error));
  }
};

async function* messagesOf(tapped: AsyncIterable<TappedEvent | MissedEvents>): AsyncGenerator<TapMessage> {
  for await (const each of tapped) yield tapMessageOf(each);
}

const listen = (tap: EventTap, request: TapRequest, signal: AbortSignal): AsyncIterable<TapMessage> => {
  const { destination } = request;
  const matches = compileFilter(request);
  if (destination !== undefined && !tap.destinations.includes(destination)) {
    throw noDestination(destination, tap.destinations);
  }
  if (tap.isFull) throw new RequestError(429, 'too many listen already');
  return messagesOf(tap.listen({ destination, matches }, signal));
};

/** All that a running agent answers on its control socket. */
export const serveAgent = ({
  identity,
  monitor,
  ledger,
  tap,
  agent,
  clock,
  log,
}: ServedAgent): readonly ServedRoute[] => [
  serveOnce(controlRoutes.agent, () => Promise.resolve(identity)),
  serveOnce(controlRoutes.status, () => monitor.status()),
  serveOnce(controlRoutes.ledger, (request) => Promise.resolve(reportLedger(ledger, request))),
  serveStream(controlRoutes.tap, (request, signal) => listen(tap, request, signal)),
  serveSkip(agent, clock, log),
  ...serveDeadLetters(() => agent.destinations, clock),
  ...serveReplays(() => agent.replays),
];
