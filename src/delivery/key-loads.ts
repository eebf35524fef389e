import type { EventDelivery } from './lane-entry.ts';

interface KeyLoad {
  bytes: number;
  /** In the order in which they came. */
  readonly deliveries: Set<EventDelivery>;
}

const none: ReadonlySet<EventDelivery> = new Set();

/** What a lane holds in memory of each batch key. */
export class KeyLoads {
  readonly #loads = new Map<string, KeyLoad>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get keys(): number {
    return this.#loads.size;
  }

  /** The key that holds most; undefined when none holds anything. */
  get heaviest(): { readonly key: string; readonly bytes: number } | undefined {
    let heaviest: { readonly key: string; readonly bytes: number } | undefined;
    for (const [key, { bytes }] of this.#loads) {
      if (bytes > (heaviest?.bytes ?? 0)) heaviest = { key, bytes };
    }
    return heaviest;
  }

  names(): readonly string[] {
    return [...this.#loads.keys()];
  }

  bytesOf(key: string): number {
    return this.#loads.get(key)?.bytes ?? 0;
  }

  deliveriesOf(key: string): ReadonlySet<EventDelivery> {
    return this.#loads.get(key)?.deliveries ?? none;
  }

  add(delivery: EventDelivery): void {
    let load = this.#loads.get(delivery.key);
    if (load === undefined) {
      load = { bytes: 0, deliveries: new Set() };
      this.#loads.set(delivery.key, load);
    }
    load.deliveries.add(delivery);
    load.bytes += delivery.heldBytes;
    this.#bytes += delivery.heldBytes;
  }

  delete(delivery: EventDelivery): void {
    const load = this.#loads.get(delivery.key);
    if (load?.deliveries.delete(delivery) !== true) return;
    load.bytes -= delivery.heldBytes;
    this.#bytes -= delivery.heldBytes;
    if (load.deliveries.size === 0) this.#loads.delete(delivery.key);
  }
}
