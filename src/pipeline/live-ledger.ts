import type { Clock } from '../platform/clock.ts';
import type { GapDetection } from '../sdk/source.ts';
import type { Agent } from './agent.ts';
import type { RunningDestination } from './destination.ts';
import type { LedgerRecorder } from './ledger-recorder.ts';
import type { DestinationCounts, LedgerReport } from './ledger-report.ts';
import { answerRequest, type LedgerRequest } from './ledger-request.ts';
import { pendingByService } from './pending-by-service.ts';

/** All of one moment: nothing may be awaited in between. */
const countsOf = ({ name, lane, account }: RunningDestination, asOfMs: number): DestinationCounts => ({
  name,
  asOfMs,
  services: account.services(),
  pending: lane.pendingRecords,
  pendingByService: pendingByService(lane),
  resent: lane.resentEvents,
  originated: lane.originatedEvents,
});

/** The ledger of a running agent. */
export class LiveLedger {
  readonly #agent: Agent;
  readonly #recorder: LedgerRecorder;
  readonly #clock: Clock;
  readonly #gapDetection: () => GapDetection | undefined;

  /** @param gapDetection whether gaps in the source are found, as of now; undefined when that is not known. */
  constructor(agent: Agent, recorder: LedgerRecorder, clock: Clock, gapDetection: () => GapDetection | undefined) {
    this.#agent = agent;
    this.#recorder = recorder;
    this.#clock = clock;
    this.#gapDetection = gapDetection;
  }

  /** A destination that does not run has no part in it. */
  report(request: LedgerRequest): LedgerReport {
    const { destination } = request;
    const asked = this.#agent.destinations
      .filter((each) => each.kind === 'running')
      .filter(({ name }) => destination === undefined || name === destination);
    const pointBefore = this.#recorder.pointBefore.bind(this.#recorder);
    return {
      destinations: asked.map((each) => answerRequest(countsOf(each, this.#clock.now()), request, pointBefore)),
      gapDetection: this.#gapDetection(),
    };
  }
}
