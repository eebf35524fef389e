import { availableParallelism, cpus, loadavg, release } from 'node:os';

/** Where and when figures were taken; without it they say nothing. */
export interface Surroundings {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly kernel: string;
  readonly node: string;
  /** Of the minute before the first stage: what else the machine did. */
  readonly loadBefore: number;
}

export const describeSurroundings = (): Surroundings => ({
  date: new Date().toISOString(),
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  kernel: release(),
  node: process.version,
  loadBefore: loadavg()[0] ?? 0,
});
