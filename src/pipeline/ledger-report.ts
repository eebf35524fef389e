import { z } from 'zod';
import { unexplained } from '../ledger/balance.ts';
import { balanceOf, countsBetween } from '../ledger/balance.ts';
import type { NamedCounts } from '../ledger/counts.ts';
import type { HistoryPoint } from '../ledger/history.ts';
import { balanceSchema, gapDetectionSchema } from './status.ts';

const rowSchema = z.object({ name: z.string(), balance: balanceSchema, unexplained: z.number() }).readonly();

const destinationLedgerSchema = z
  .object({
    name: z.string(),
    /** From when on it counts, in milliseconds since the epoch; undefined: from the beginning of the checkpoint. */
    fromMs: z.number().optional(),
    /** Of when the counters are. */
    asOfMs: z.number(),
    balance: balanceSchema,
    unexplained: z.number(),
    /** Events sent more than once since the agent began; undefined when none runs. */
    resent: z.number().optional(),
    /** Our own notices that the service took since the agent began; undefined when none runs. */
    originated: z.number().optional(),
    services: z.array(rowSchema).readonly(),
  })
  .readonly();

export const ledgerReportSchema = z
  .object({
    destinations: z.array(destinationLedgerSchema).readonly(),
    /** Whether gaps in the source are found, and so what `lost` means; undefined when no agent runs. */
    gapDetection: gapDetectionSchema.optional(),
  })
  .readonly();

/** One line of the table: a service, or a destination. */
export type LedgerRow = z.output<typeof rowSchema>;

/** Where the lines of one destination went. */
export type DestinationLedger = z.output<typeof destinationLedgerSchema>;

/** Where the lines went. */
export type LedgerReport = z.output<typeof ledgerReportSchema>;

/** What is known of one destination, counted from its beginning on. */
export interface DestinationCounts {
  readonly name: string;
  readonly asOfMs: number;
  readonly services: readonly NamedCounts[];
  /** Records in flight, as the lane counts them, and of which service they are. */
  readonly pending: number;
  readonly pendingByService: ReadonlyMap<string, number>;
  readonly resent?: number;
  readonly originated?: number;
}

export interface LedgerQuery {
  /** Services that count; undefined: all. */
  readonly isWanted?: ((service: string) => boolean) | undefined;
  /** The counters that are not to count any more; undefined: none. */
  readonly since?: HistoryPoint | undefined;
}

const rowOf = (name: string, services: readonly NamedCounts[], pending: number): LedgerRow => {
  const balance = balanceOf(services, pending);
  return { name, balance, unexplained: unexplained(balance) };
};

/** What is in flight of services of which nothing else was counted is read, too. */
const pendingOf = ({ pending, pendingByService }: DestinationCounts, { isWanted }: LedgerQuery): number => {
  if (isWanted === undefined) return pending;
  return [...pendingByService].reduce((sum, [service, count]) => (isWanted(service) ? sum + count : sum), 0);
};

/** A destination's account since a moment, whole and by service. */
export const reportDestination = (counts: DestinationCounts, query: LedgerQuery): DestinationLedger => {
  const { name, asOfMs, pendingByService, resent, originated } = counts;
  const { since, isWanted = () => true } = query;
  const services = countsBetween(since?.services ?? [], counts.services).filter(({ service }) => isWanted(service));
  const total = rowOf(name, services, pendingOf(counts, query));
  const rows = services.map((each) => rowOf(each.service, [each], pendingByService.get(each.service) ?? 0));
  return {
    ...total,
    asOfMs,
    services: rows.toSorted((one, other) => other.balance.read - one.balance.read),
    ...(since !== undefined && { fromMs: since.atMs }),
    ...(resent !== undefined && { resent }),
    ...(originated !== undefined && { originated }),
  };
};
