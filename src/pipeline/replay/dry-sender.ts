import type { EncodableEvent } from '../../event/encode.ts';
import { maxServices, otherServices } from '../../event/service-bound.ts';
import type { Sender } from '../../sdk/adapter.ts';
import type { Batch, BatchEntry, BatchLimits } from '../../sdk/batch.ts';
import { delivered, type SendResult } from '../../sdk/send-result.ts';

/** What would have been sent of one service. */
interface DryService {
  lines: number;
  bytes: number;
}

/** Stands in for a destination's sender: batches and encodes as that one does, counts, and sends nothing. */
export class DrySender implements Sender {
  readonly #sender: Sender;
  readonly #limits: BatchLimits;
  readonly #services = new Map<string, DryService>();
  #restamped = 0;

  constructor(sender: Sender, limits: BatchLimits) {
    this.#sender = sender;
    this.#limits = limits;
  }

  /** By service, in the order of their bytes, as the service bills them. */
  get services(): readonly { readonly service: string; readonly lines: number; readonly bytes: number }[] {
    const found = Array.from(this.#services, ([service, { lines, bytes }]) => ({ service, lines, bytes }));
    return found.toSorted((one, other) => other.bytes - one.bytes);
  }

  /** Events that would have gone under another time than their own. */
  get restamped(): number {
    return this.#restamped;
  }

  batchKey(item: EncodableEvent): string {
    return this.#sender.batchKey(item);
  }

  encode(item: EncodableEvent): string | undefined {
    return this.#sender.encode(item);
  }

  send({ entries }: Batch): Promise<SendResult> {
    for (const entry of entries) this.#count(entry);
    return Promise.resolve(delivered);
  }

  async close(): Promise<void> {
    await this.#sender.close();
  }

  #count({ service, bytes, isRestamped }: BatchEntry): void {
    const counted = this.#of(service);
    counted.lines += 1;
    counted.bytes += bytes + this.#limits.overheadPerEvent;
    if (isRestamped) this.#restamped += 1;
  }

  #of(service: string): DryService {
    const known = this.#services.get(service);
    if (known !== undefined) return known;
    if (this.#services.size >= maxServices && service !== otherServices) return this.#of(otherServices);
    const counted = { lines: 0, bytes: 0 };
    this.#services.set(service, counted);
    return counted;
  }
}
