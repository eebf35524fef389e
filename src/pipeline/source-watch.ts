import { messageOf } from '../platform/error.ts';
import type { Logger } from '../sdk/logger.ts';
import type { SourceCapacity } from '../sdk/source-capacity.ts';
import type { Source, SourceCheck } from '../sdk/source.ts';

/** What is seen of a source over time: what rights hide of it, and what it holds. To be told to look every half minute. */
export class SourceWatch {
  readonly #source: () => Source;
  readonly #logger: Logger;
  #check: SourceCheck | undefined;
  #problem: string | undefined;
  #capacity: SourceCapacity | undefined;

  constructor(source: () => Source, logger: Logger) {
    this.#source = source;
    this.#logger = logger;
  }

  /** The newest check that succeeded; undefined before the first. */
  get check(): SourceCheck | undefined {
    return this.#check;
  }

  /** Why the last check failed; undefined when it did not. */
  get checkProblem(): string | undefined {
    return this.#problem;
  }

  /** What the source holds; undefined where that can't be told. */
  get capacity(): SourceCapacity | undefined {
    return this.#capacity;
  }

  /** Never throws: what is wrong is shown. */
  async look(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#lookAtRights(signal), this.#measure(signal)]);
  }

  async #lookAtRights(signal: AbortSignal): Promise<void> {
    try {
      const check = await this.#source().check(signal);
      if (this.#problem !== undefined) this.#logger.info({}, 'the source can be checked again');
      this.#problem = undefined;
      this.#sayNew(check.warnings);
      this.#check = check;
    } catch (error) {
      const problem = messageOf(error);
      if (problem !== this.#problem) this.#logger.warn({}, `the source can't be checked: ${problem}`);
      this.#problem = problem;
    }
  }

  /** What was so from the start is said by whoever starts. */
  #sayNew(warnings: readonly string[]): void {
    if (this.#check === undefined) return;
    for (const warning of warnings) if (!this.#check.warnings.includes(warning)) this.#logger.warn({}, warning);
  }

  async #measure(signal: AbortSignal): Promise<void> {
    try {
      this.#capacity = await this.#source().capacity(signal);
    } catch (error) {
      this.#logger.debug({}, `what the source holds is unknown: ${messageOf(error)}`);
      this.#capacity = undefined;
    }
  }
}
