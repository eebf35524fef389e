import type { DestinationStatus } from '../pipeline/status.ts';

/** The equation of the ledger in one line: `read 25 = delivered 20 + dropped 5 (not routed 5) + pending 0`. */
export const describeBalance = ({ balance, unexplained }: DestinationStatus): string => {
  const reasons = Object.entries(balance.dropped).map(([reason, count]) => `${reason} ${count}`);
  const terms = [
    `delivered ${balance.delivered}`,
    `dropped ${balance.droppedTotal}${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`,
    ...(balance.uncertain > 0 ? [`uncertain ${balance.uncertain}`] : []),
    `pending ${balance.pending}`,
    ...(unexplained === 0 ? [] : [`UNEXPLAINED ${unexplained}`]),
  ];
  return `read ${balance.read} = ${terms.join(' + ')}`;
};
