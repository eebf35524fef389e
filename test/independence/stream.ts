/** A container that logs at a steady rate. */
export interface PacedStream {
  /** Its service is the name without the replica's number. */
  readonly container: string;
  readonly linesPerSecond: number;
}

/** `count` containers of as many services. */
export const quietStreams = (count: number, linesPerSecond: number): readonly PacedStream[] =>
  Array.from({ length: count }, (_, index) => ({ container: `service-${index}`, linesPerSecond }));
