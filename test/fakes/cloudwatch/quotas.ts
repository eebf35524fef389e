import { callsPerSecond } from './limits.ts';
import { ServiceError } from './service-error.ts';

/** Throttles operations whose quota is known, over any one second. */
export class Quotas {
  readonly #times = new Map<string, number[]>();

  /** @throws {ServiceError} when a second holds more calls of this operation than the quota. */
  count(operation: string, nowMs: number): void {
    const quota = callsPerSecond.get(operation);
    if (quota === undefined) return;
    const recent = (this.#times.get(operation) ?? []).filter((time) => time > nowMs - 1000);
    this.#times.set(operation, recent);
    if (recent.length >= quota) throw new ServiceError('ThrottlingException', 'Rate exceeded');
    recent.push(nowMs);
  }
}
