/** Moments in an agent's work, in the order of a line's way, at which {@link file://./kill-at.ts} can end it. */
export const killSteps = [
  'reading a record',
  'holding a piece of a line',
  'taking an item',
  'a request is written',
  'an answer is there',
  'settling a record',
  'saving a checkpoint',
  'a checkpoint is half written',
  'a checkpoint is not synced',
  'a checkpoint is not renamed',
  'a checkpoint is renamed',
] as const;

export type KillStep = (typeof killSteps)[number];

/** How the preload is told: in this variable, as JSON. */
export const killVariable = 'SLUICE_KILL_AT';

/** Die when `step` is reached for the `count`th time, leaving a file `note` that says so. */
export interface KillOrder {
  readonly step: KillStep;
  readonly count: number;
  readonly note: string;
}
