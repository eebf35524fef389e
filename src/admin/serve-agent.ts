import type { LiveLedger } from '../pipeline/live-ledger.ts';
import type { LedgerReport } from '../pipeline/ledger-report.ts';
import type { LedgerRequest } from '../pipeline/ledger-request.ts';
import type { Destination } from '../pipeline/destination.ts';
import type { Monitor } from '../pipeline/monitor.ts';
import type { Clock } from '../platform/clock.ts';
import { controlRoutes, type AgentIdentity } from './control-routes.ts';
import { serveDeadLetters } from './dead-letter-routes.ts';
import { RequestError } from './request-error.ts';
import { serveOnce, type ServedRoute } from './served-route.ts';

/** The parts of a running agent that can be asked. */
export interface ServedAgent {
  readonly identity: AgentIdentity;
  readonly monitor: Monitor;
  readonly ledger: LiveLedger;
  readonly destinations: () => readonly Destination[];
  readonly clock: Clock;
}

/** An empty answer would look like an account of nothing. */
const reportLedger = (ledger: LiveLedger, request: LedgerRequest): LedgerReport => {
  const report = ledger.report(request);
  if (request.destination === undefined || report.destinations.length > 0) return report;
  const running = ledger.report({}).destinations.map(({ name }) => name);
  throw new RequestError(
    404,
    `no destination ${JSON.stringify(request.destination)} runs; there is: ${running.join(', ')}`,
  );
};

/** All that a running agent answers on its control socket. */
export const serveAgent = ({ identity, monitor, ledger, destinations, clock }: ServedAgent): readonly ServedRoute[] => [
  serveOnce(controlRoutes.agent, () => Promise.resolve(identity)),
  serveOnce(controlRoutes.status, () => monitor.status()),
  serveOnce(controlRoutes.ledger, (request) => Promise.resolve(reportLedger(ledger, request))),
  ...serveDeadLetters(destinations, clock),
];
