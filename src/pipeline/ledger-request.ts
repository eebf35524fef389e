import { z } from 'zod';
import type { HistoryPoint } from '../ledger/history.ts';
import { compileGlob } from '../policy/match/glob.ts';
import { reportDestination, type DestinationCounts, type DestinationLedger } from './ledger-report.ts';

/** What of the ledger is asked for. */
export const ledgerRequestSchema = z.object({
  /** One destination, with its services; default: all, without. */
  destination: z.string().optional(),
  /** A glob: services that count. Default: all. */
  service: z.string().optional(),
  /** Milliseconds since the epoch: what was counted since. Default: all. */
  sinceMs: z.coerce.number().optional(),
});

export type LedgerRequest = z.output<typeof ledgerRequestSchema>;

type FindPoint = (destination: string, atMs: number) => HistoryPoint | undefined;

/** Answers for one destination. */
export const answerRequest = (
  counts: DestinationCounts,
  { destination, service, sinceMs }: LedgerRequest,
  pointBefore: FindPoint,
): DestinationLedger => {
  const since = sinceMs === undefined ? undefined : pointBefore(counts.name, sinceMs);
  const isWanted = service === undefined ? undefined : compileGlob(service);
  const report = reportDestination(counts, { isWanted, since });
  return destination === undefined ? { ...report, services: [] } : report;
};
