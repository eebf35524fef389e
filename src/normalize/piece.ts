import { CommonFacts } from '../event/common-facts.ts';
import type { LogRecord, RecordFields } from '../event/record.ts';
import { isContainerLine, writerFields } from './trusted-writer.ts';

/** A record that may be one piece of a longer line. */
export interface Piece {
  /** The same for all pieces of a line: docker's id of the line, or the process for journald's; '' where unknown. */
  readonly line: string;
  /** Its number within the line, from 1; 0 where pieces are not numbered. */
  readonly ordinal: number;
  /** Whether the line ends with it. */
  readonly last: boolean;
}

/** Journal fields that tell of pieces and their streams. */
export const pieceFields: readonly string[] = [
  ...writerFields,
  'MESSAGE',
  'PRIORITY',
  '_LINE_BREAK',
  '_STREAM_ID',
  '_PID',
  'CONTAINER_ID',
  'CONTAINER_ID_FULL',
  'CONTAINER_NAME',
  'CONTAINER_PARTIAL_ID',
  'CONTAINER_PARTIAL_ORDINAL',
  'CONTAINER_PARTIAL_LAST',
  'CONTAINER_PARTIAL_MESSAGE',
];

/** Bytes that dockerd collects of a line before it passes on a piece (moby, daemon/logger/copier.go). */
const dockerPieceBytes = 16_384;

const messageBytes = (fields: RecordFields): number =>
  fields.invalidBytes('MESSAGE')?.length ?? Buffer.byteLength(fields.get('MESSAGE') ?? '');

/** Docker before 19.03 marks pieces and does not number them; 18.06 marks the last one too, which shows by its size. */
const endsUnnumbered = (fields: RecordFields): boolean =>
  fields.get('_COMM') === 'dockerd' && messageBytes(fields) < dockerPieceBytes;

/** Who cut the line that a record is a piece of, if any. */
const cutters = new CommonFacts((fields) => {
  if (fields.get('_LINE_BREAK') === 'line-max') return 'journald';
  const isMarked =
    fields.get('CONTAINER_PARTIAL_ID') !== undefined || fields.get('CONTAINER_PARTIAL_MESSAGE') === 'true';
  return isMarked && isContainerLine(fields) ? 'runtime' : 'nobody';
});

const containerPiece = (fields: RecordFields): Piece => {
  const line = fields.get('CONTAINER_PARTIAL_ID');
  if (line === undefined) return { line: '', ordinal: 0, last: endsUnnumbered(fields) };
  const ordinal = Number(fields.get('CONTAINER_PARTIAL_ORDINAL') ?? 0);
  return { line, ordinal, last: fields.get('CONTAINER_PARTIAL_LAST') === 'true' };
};

/** What a record says of being a piece; undefined for what looks like a whole line. */
export const pieceOf = ({ fields }: LogRecord): Piece | undefined => {
  switch (cutters.of(fields)) {
    case 'nobody':
      return undefined;
    case 'runtime':
      return containerPiece(fields);
    case 'journald':
      return { line: fields.get('_PID') ?? '', ordinal: 0, last: false };
  }
};

/** A whole line, seen as what it is when its stream has an open line without numbers: the end of it. */
export const endPieceOf = ({ fields }: LogRecord): Piece => {
  const isJournaldStream = fields.get('_STREAM_ID') !== undefined;
  return { line: isJournaldStream ? (fields.get('_PID') ?? '') : '', ordinal: 0, last: true };
};
