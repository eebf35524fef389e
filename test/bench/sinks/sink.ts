/** What arrived at a sink. */
export interface Arrivals {
  /** Repetitions included. */
  readonly events: number;
  /** Undefined where nothing of an event but its number is known. */
  readonly uniqueIds?: number | undefined;
}

/** Where a stage's lines end, and who counts them. */
export interface Sink {
  /** The agent's destinations that deliver here: their options by their names. */
  readonly destinations: Readonly<Record<string, object>>;
  count(): Promise<Arrivals>;
  close(): void;
}

/** What a sink is given: a folder of its own, and the agent's state directory. */
export interface SinkPlace {
  readonly folder: string;
  readonly state: string;
}
