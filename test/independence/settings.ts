/** How long and how hard is measured; small ones prove that the measuring works. */
export interface Settings {
  /** Of each measured span. */
  readonly seconds: number;
  /** Lines a second, in all. */
  readonly rate: number;
  readonly pairs: number;
  readonly report: (progress: string) => void;
}

/** Before a span is measured: the start is another matter. */
export const warmUpSeconds = 5;
