/** A request as a fake sees it, read to its end. */
export interface FakeRequest {
  readonly method: string;
  readonly url: URL;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Decompressed. */
  readonly body: Buffer;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One event that a service took. */
export interface ReceivedEvent {
  /** What it was filed under: a group and stream, tags, a host. */
  readonly key: string;
  /** The event's own id, where its text holds one; otherwise ''. */
  readonly id: string;
  readonly text: string;
}

/** What a service makes of a request: its answer, and the events that it took. */
export interface FakeVerdict {
  readonly answer: FakeAnswer;
  readonly accepted: readonly ReceivedEvent[];
}
