import type { Loss, LossOwner, RecordFields } from '#sdk';
import { CommonFacts } from '../../event/common-facts.ts';

/** Fields by which journald tells that it lost lines, besides `MESSAGE`. */
export const toldLossFields: readonly string[] = ['_TRANSPORT', 'MESSAGE_ID', 'N_DROPPED', 'OBJECT_SYSTEMD_UNIT'];

/** SD_MESSAGE_JOURNAL_DROPPED and SD_MESSAGE_JOURNAL_MISSED of sd-messages.h. */
const suppressedId = 'a596d6fe7bfa4994828e72309e95d61e';
const missedId = 'e9bf28e6e834481bb6f48f548ad13606';

/** As many digits as a number holds exactly. */
const countPattern = /^\d{1,15}$/;

const countOf = (text: string | undefined): number =>
  text !== undefined && countPattern.test(text) ? Number.parseInt(text, 10) : 0;

const unitOwner = (unit: string | undefined): LossOwner =>
  unit === undefined ? { kind: 'unknown' } : { kind: 'unit', unit };

const lossOf = (reason: Loss['reason'], count: number, owner: LossOwner): Loss | undefined =>
  count === 0 ? undefined : { reason, count, owner };

/**
 * journald's rate limit. Told with the unit's next line after the interval: what it lost before it fell silent for good
 * never is.
 */
const suppressedLoss = (fields: RecordFields): Loss | undefined =>
  lossOf('suppressed by journald', countOf(fields.get('N_DROPPED')), unitOwner(fields.get('OBJECT_SYSTEMD_UNIT')));

/**
 * An overrun of the kernel's ring before journald could read it. The text alone has the number: the entry has no field
 * for it (journald-kmsg.c, up to systemd 257).
 */
const missedLoss = (fields: RecordFields): Loss | undefined => {
  const [, count] = /^Missed (\d+) kernel messages$/.exec(fields.get('MESSAGE') ?? '') ?? [];
  return lossOf('missed by journald', countOf(count), { kind: 'kernel' });
};

/** `_TRANSPORT=driver` is journald's own word: no process can set it. */
const isJournald = new CommonFacts((fields) => fields.get('_TRANSPORT') === 'driver');

/** What journald tells that it did not keep. */
export const toldLoss = (fields: RecordFields): Loss | undefined => {
  if (!isJournald.of(fields)) return undefined;
  const id = fields.get('MESSAGE_ID');
  if (id === suppressedId) return suppressedLoss(fields);
  return id === missedId ? missedLoss(fields) : undefined;
};
