/** What happened this long ago still counts a third. */
const timeConstantMs = 60_000;

/** A rate over about the last minute: each count weighs less the longer ago it was, so that nothing has to be kept. */
export class RateMeter {
  readonly #startedMs: number;
  #weighed = 0;
  #atMs: number;

  /** @param nowMs of a clock that never steps. */
  constructor(nowMs: number) {
    this.#startedMs = nowMs;
    this.#atMs = nowMs;
  }

  add(count: number, nowMs: number): void {
    this.#decay(nowMs);
    this.#weighed += count;
  }

  /** Per second. In its first minute it is the mean since the beginning, with the same weights. */
  perSecond(nowMs: number): number {
    this.#decay(nowMs);
    const share = 1 - Math.exp(-(nowMs - this.#startedMs) / timeConstantMs);
    return share === 0 ? 0 : (this.#weighed * 1000) / (timeConstantMs * share);
  }

  #decay(nowMs: number): void {
    this.#weighed *= Math.exp(-(nowMs - this.#atMs) / timeConstantMs);
    this.#atMs = nowMs;
  }
}
