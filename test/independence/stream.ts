/** A container that logs at a steady rate. */
export interface PacedStream {
  /** Its service has the same name. */
  readonly container: string;
  readonly linesPerSecond: number;
}

/** `count` containers of as many services: a number after a dash would be a replica's. */
export const quietStreams = (count: number, linesPerSecond: number): readonly PacedStream[] =>
  Array.from({ length: count }, (_, index) => ({ container: `service${index}`, linesPerSecond }));
