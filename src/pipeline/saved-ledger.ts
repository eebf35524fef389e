import { CheckpointStore } from '../checkpoint/store.ts';
import { ServiceTally } from '../delivery/service-tally.ts';
import { HistoryStore } from '../ledger/history-store.ts';
import type { LedgerReport } from './ledger-report.ts';
import { answerRequest, type LedgerRequest } from './ledger-request.ts';

/**
 * The ledger as the checkpoints of a state directory have it, for when no agent runs. Nothing is changed.
 *
 * @throws {CheckpointError} when one can't be used; else what the file system says.
 */
export const readSavedLedger = async (stateDirectory: string, request: LedgerRequest): Promise<LedgerReport> => {
  const checkpoints = new CheckpointStore(stateDirectory, () => 0);
  const histories = new HistoryStore(stateDirectory);
  const names = (await checkpoints.names()).filter((name) => name === (request.destination ?? name));
  const destinations = await Promise.all(
    names.map(async (name) => {
      const { checkpoint, savedMs } = await checkpoints.peek(name);
      const { history } = await histories.load(name);
      const { services, parked } = checkpoint;
      const waiting = ServiceTally.from(parked.flatMap(({ outstanding }) => outstanding));
      const counts = {
        name,
        asOfMs: savedMs,
        services,
        pending: waiting.total,
        pendingByService: new Map(waiting.entries().map(({ service, records }) => [service, records])),
      };
      return answerRequest(counts, request, (_, atMs) => history.pointBefore(atMs));
    }),
  );
  return { destinations };
};
