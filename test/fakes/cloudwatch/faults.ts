import type { RejectedRanges } from './put-log-events.ts';

/** Ways to fail after which the same call may succeed, so that nothing may be lost by them. */
export const passingFaults = [
  'throttling',
  'unavailable',
  'internal failure',
  'operation aborted',
  'resource not found',
  'expired token',
  'unrecognized client',
  'access denied',
  'html instead of json',
  'bad gateway',
  'reset',
  'hang',
  'slow body',
  'accept then hang',
  'accept then reset',
] as const;

/** Ways to fail that refuse lines for good. */
export const refusingFaults = ['invalid parameter', 'rejected ranges'] as const;

export type FaultName = (typeof passingFaults)[number] | (typeof refusingFaults)[number];

/** A fault; with ranges of one's own where the service is to refuse just these. */
export type Fault = FaultName | { readonly rejectedRanges: RejectedRanges };

/** Failing at random: each call with probability `rate`, in a way chosen by the same seeded `random`. */
export interface Chaos {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly rate: number;
  /** Default: {@link passingFaults}. */
  readonly faults?: readonly FaultName[];
}

interface Planned {
  readonly fault: Fault;
  readonly operation: string;
  times: number;
}

/** Decides which call fails and how. */
export class FaultPlan {
  chaos: Chaos | undefined;
  readonly #planned: Planned[] = [];

  constructor(chaos: Chaos | undefined) {
    this.chaos = chaos;
  }

  failNext(fault: Fault, times: number, operation: string): void {
    this.#planned.push({ fault, times, operation });
  }

  /** The fault of the call that comes now, if it is to fail. */
  next(operation: string): Fault | undefined {
    const planned = this.#planned.find((one) => one.operation === operation && one.times > 0);
    if (planned !== undefined) {
      planned.times -= 1;
      return planned.fault;
    }
    return this.chaos === undefined ? undefined : chooseFault(this.chaos);
  }
}

const chooseFault = ({ random, rate, faults = passingFaults }: Chaos): Fault | undefined =>
  random() < rate ? faults[Math.floor(random() * faults.length)] : undefined;
