/** A request that can't be served; the message says why, for people. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** HTTP's: 400 for what makes no sense, 404 for what there is not, 409 for what can't be now. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
