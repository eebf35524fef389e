/** What a lane holds of one batch key. */
interface KeyLoad {
  bytes: number;
  events: number;
}

/** How much a lane holds in memory of each batch key. */
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
    for (const [key, { bytes }] of this.#loads) if (bytes > (heaviest?.bytes ?? 0)) heaviest = { key, bytes };
    return heaviest;
  }

  names(): readonly string[] {
    return [...this.#loads.keys()];
  }

  bytesOf(key: string): number {
    return this.#loads.get(key)?.bytes ?? 0;
  }

  /** An event is held. */
  add(key: string, bytes: number): void {
    const load = this.#loads.get(key);
    if (load === undefined) {
      this.#loads.set(key, { bytes, events: 1 });
    } else {
      load.bytes += bytes;
      load.events += 1;
    }
    this.#bytes += bytes;
  }

  /** Events are not held any more, of so many bytes together. */
  remove(key: string, events: number, bytes: number): void {
    const load = this.#loads.get(key);
    if (load === undefined || events === 0) return;
    load.bytes -= bytes;
    load.events -= events;
    this.#bytes -= bytes;
    if (load.events === 0) this.#loads.delete(key);
  }
}
