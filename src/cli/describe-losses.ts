import { type LossReason, lossReasons } from '../event/drop-reason.ts';
import type { Balance } from '../ledger/balance.ts';
import type { AgentStatus } from '../pipeline/status.ts';
import { formatTime } from './figures.ts';

export type GapDetection = AgentStatus['source']['gapDetection'];

const whole = new Intl.NumberFormat('en-US');

/** `journal gap 12; docker ordinals 7, not added`: dockerd's count overlaps with the others. Empty when nothing is lost. */
export const describeLost = ({ lost }: Pick<Balance, 'lost'>): string => {
  const tell = (reason: LossReason): string => `${reason} ${whole.format(lost[reason] ?? 0)}`;
  const told = lossReasons.filter((reason) => lost[reason] !== undefined);
  const added = told.filter((reason) => reason !== 'docker ordinals').map(tell);
  const overlapping = told
    .filter((reason) => reason === 'docker ordinals')
    .map((reason) => `${tell(reason)}, not added`);
  return [...(added.length === 0 ? [] : [added.join(', ')]), ...overlapping].join('; ');
};

/** What somebody has to know who reads how much was lost; undefined where the figures say it all. */
export const describeGapDetection = (detection: GapDetection | undefined): string | undefined => {
  if (detection === undefined) return 'whether gaps in the journal are found is unknown: no agent runs';
  if (detection.state === 'off')
    return `gap detection is off, ${detection.reason}: what is missing from the journal is not known`;
  if (detection.rewound === undefined) return undefined;
  const { count, lastUs } = detection.rewound;
  const times = count === 1 ? 'once' : `${whole.format(count)} times`;
  return `the journal's numbers ran backwards ${times}, last ${formatTime(lastUs / 1000)}: no gap is found across that`;
};
