/** A replay can't be; the message says why, for people. */
export class ReplayRefusal extends Error {
  override readonly name = 'ReplayRefusal';
  /** `unknown`: there is no such thing; `impossible`: not as it was asked for; `busy`: not now. */
  readonly kind: 'unknown' | 'impossible' | 'busy';

  constructor(kind: 'unknown' | 'impossible' | 'busy', message: string) {
    super(message);
    this.kind = kind;
  }
}
