/**
 * Why a line did not reach a destination. A closed list: it is a column of the ledger, a metric label and a promise to
 * operators, so an entry is never renamed.
 */
export const dropReasons = [
  'filtered by rule',
  'not routed',
  'sampled',
  'rate-limited',
  'rejected',
  'too old',
  'too new',
  'too large',
  'empty',
  'foreign host',
  'own log',
  'disabled by operator',
  'skipped by operator',
  'over max_backlog',
  'overrun',
] as const;

export type DropReason = (typeof dropReasons)[number];

/**
 * Why lines are missing that we never could read: others lost them before us. `docker ordinals` are dockerd's own count of
 * what it handed to journald: they overlap with the other reasons, so that they are shown and never added up.
 */
export const lossReasons = ['journal gap', 'suppressed by journald', 'missed by journald', 'docker ordinals'] as const;

export type LossReason = (typeof lossReasons)[number];
