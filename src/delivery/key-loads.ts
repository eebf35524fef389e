/** What a lane holds of one batch key, in the order in which it came. */
export interface KeyLoad<Item> {
  readonly key: string;
  bytes: number;
  first: Item | undefined;
  last: Item | undefined;
}

/** What is held of a key. The list runs through the items themselves, and so costs no memory. */
export interface Loaded<Item> {
  readonly key: string;
  readonly heldBytes: number;
  /** Undefined while it is not held. */
  load: KeyLoad<Item> | undefined;
  previous: Item | undefined;
  next: Item | undefined;
}

/** What a lane holds in memory of each batch key. */
export class KeyLoads<Item extends Loaded<Item>> {
  readonly #loads = new Map<string, KeyLoad<Item>>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get keys(): number {
    return this.#loads.size;
  }

  /** The key that holds most; undefined when none holds anything. */
  get heaviest(): { readonly key: string; readonly bytes: number } | undefined {
    let heaviest: KeyLoad<Item> | undefined;
    for (const load of this.#loads.values()) if (load.bytes > (heaviest?.bytes ?? 0)) heaviest = load;
    return heaviest;
  }

  names(): readonly string[] {
    return [...this.#loads.keys()];
  }

  bytesOf(key: string): number {
    return this.#loads.get(key)?.bytes ?? 0;
  }

  deliveriesOf(key: string): readonly Item[] {
    const deliveries: Item[] = [];
    for (let each = this.#loads.get(key)?.first; each !== undefined; each = each.next) deliveries.push(each);
    return deliveries;
  }

  add(delivery: Item): void {
    const load = this.#loadOf(delivery.key);
    delivery.load = load;
    delivery.previous = load.last;
    if (load.last === undefined) load.first = delivery;
    else load.last.next = delivery;
    load.last = delivery;
    load.bytes += delivery.heldBytes;
    this.#bytes += delivery.heldBytes;
  }

  /** Forgets a delivery; one that is not held changes nothing. */
  delete(delivery: Item): void {
    const { load, previous, next } = delivery;
    if (load === undefined) return;
    if (previous === undefined) load.first = next;
    else previous.next = next;
    if (next === undefined) load.last = previous;
    else next.previous = previous;
    delivery.load = undefined;
    delivery.previous = undefined;
    delivery.next = undefined;
    load.bytes -= delivery.heldBytes;
    this.#bytes -= delivery.heldBytes;
    if (load.first === undefined) this.#loads.delete(load.key);
  }

  #loadOf(key: string): KeyLoad<Item> {
    const known = this.#loads.get(key);
    if (known !== undefined) return known;
    const load: KeyLoad<Item> = { key, bytes: 0, first: undefined, last: undefined };
    this.#loads.set(key, load);
    return load;
  }
}
