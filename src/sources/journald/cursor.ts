/** A journal cursor taken apart (sd_journal_get_cursor(3)); all but `sequence` as hexadecimal text. */
export interface JournalCursor {
  /** Which counter `sequence` belongs to. */
  readonly sequenceId: string;
  readonly sequence: number;
  readonly bootId: string;
  readonly monotonicUs: string;
  readonly realtimeUs: string;
  readonly xorHash: string;
}

/** Unknown keys after the known ones are journalctl's future; 13 digits are the most that a number holds exactly. */
const pattern =
  /^s=([0-9a-f]{32});i=([0-9a-f]{1,13});b=([0-9a-f]{32});m=([0-9a-f]{1,14});t=([0-9a-f]{1,14});x=([0-9a-f]{1,16})(?:;|$)/;

/** Undefined when `text` is not a complete cursor: journalctl takes many a garbled one and reads from elsewhere. */
export const parseCursor = (text: string): JournalCursor | undefined => {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sequenceId = '', sequence = '', bootId = '', monotonicUs = '', realtimeUs = '', xorHash = ''] = match;
  return { sequenceId, sequence: Number.parseInt(sequence, 16), bootId, monotonicUs, realtimeUs, xorHash };
};

/** The cursor as journalctl writes it. */
export const formatCursor = ({
  sequenceId,
  sequence,
  bootId,
  monotonicUs,
  realtimeUs,
  xorHash,
}: JournalCursor): string =>
  `s=${sequenceId};i=${sequence.toString(16)};b=${bootId};m=${monotonicUs};t=${realtimeUs};x=${xorHash}`;

/** Receive time, in microseconds since the epoch. */
export const cursorTimeUs = (cursor: JournalCursor): number => Number.parseInt(cursor.realtimeUs, 16);

/** Same boot and microsecond: entries that a seek by time can't tell apart. */
export const isSameInstant = (a: JournalCursor, b: JournalCursor): boolean =>
  a.bootId === b.bootId && a.monotonicUs === b.monotonicUs && a.realtimeUs === b.realtimeUs;

/** A place to seek to by time alone: right where the counter was set back, by a power loss for one. */
export const seekByTime = (cursor: JournalCursor): string =>
  `b=${cursor.bootId};m=${cursor.monotonicUs};t=${cursor.realtimeUs}`;

/** A place `steps` entries behind `cursor` by its counter; in files with another counter, the same time. */
export const seekPast = (cursor: JournalCursor, steps: number): string =>
  `s=${cursor.sequenceId};i=${(cursor.sequence + steps).toString(16)};${seekByTime(cursor)}`;

/** How many entries lie after `from` up to `to`; undefined where their numbers can't be compared. */
export const entriesBetween = (from: string, to: string): number | undefined => {
  const first = parseCursor(from);
  const last = parseCursor(to);
  if (first === undefined || last === undefined || first.sequenceId !== last.sequenceId) return undefined;
  return last.sequence < first.sequence ? undefined : last.sequence - first.sequence;
};
