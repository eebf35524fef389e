/** A configuration file as read. */
export interface SourceFile {
  /** As people gave it or as it was found. */
  readonly path: string;
  readonly text: string;
}

/** A stretch of a configuration file, in offsets into its text. */
export interface Place {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where an offset of the text is; a column counts UTF-16 units. */
export const positionOf = ({ text }: SourceFile, offset: number): Position => {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
};

/** `/etc/sluice/sluice.yaml:12`. */
export const describePlace = (place: Place): string =>
  `${place.file.path}:${String(positionOf(place.file, place.start).line)}`;

/** The text at a place, as written. */
export const textAt = (place: Place): string => place.file.text.slice(place.start, place.end);
