/** A span of a source, by receive time, in microseconds since the epoch; both ends belong to it. */
export interface Span {
  readonly sinceUs: number;
  readonly untilUs: number;
}

export const isWithin = ({ sinceUs, untilUs }: Span, receivedUs: number): boolean =>
  receivedUs >= sinceUs && receivedUs <= untilUs;
