import { compileGlob, type TextTest } from '../policy/match/glob.ts';

/** What an operator gave up: lines received up to `untilUs` (microseconds), of services that fit a glob, or of all. */
export interface Skip {
  readonly untilUs: number;
  readonly service?: string | undefined;
  /** By hand, or because the destination was off when they came. */
  readonly reason: 'skipped by operator' | 'disabled by operator';
}

interface CompiledSkip extends Skip {
  readonly fits: TextTest;
}

/** Part of the checkpoint's format. */
export const maxSkips = 100;

/** The lines that an operator gave up and that the lane has not passed yet. */
export class Skips {
  #skips: readonly CompiledSkip[];

  constructor(saved: readonly Skip[]) {
    this.#skips = saved.map(compile);
  }

  /** False when there are too many to remember. */
  add(skip: Skip): boolean {
    if (this.#skips.length >= maxSkips) return false;
    this.#skips = [...this.#skips, compile(skip)];
    return true;
  }

  /** Why a line is not wanted; undefined when nobody gave it up. */
  reasonFor(service: string, receivedUs: number): Skip['reason'] | undefined {
    if (this.#skips.length === 0) return undefined;
    return this.#skips.find(({ untilUs, fits }) => receivedUs <= untilUs && fits(service))?.reason;
  }

  /** Forgets those that lie behind a lane that has passed `safeUs`. */
  forgetPassed(safeUs: number): void {
    if (this.#skips.some(({ untilUs }) => untilUs < safeUs)) {
      this.#skips = this.#skips.filter(({ untilUs }) => untilUs >= safeUs);
    }
  }

  states(): Skip[] {
    return this.#skips.map(({ untilUs, service, reason }) => ({
      untilUs,
      reason,
      ...(service !== undefined && { service }),
    }));
  }
}

const compile = (skip: Skip): CompiledSkip => ({
  ...skip,
  fits: skip.service === undefined ? () => true : compileGlob(skip.service),
});
