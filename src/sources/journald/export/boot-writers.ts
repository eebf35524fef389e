import { Writers } from './writers.ts';

/** Boots whose entries come in turns, where journals of several machines are merged; beyond, all are forgotten. */
const maxBoots = 4;

/** The writers of each boot: entries tell their boot by their cursor, and have no more in common with those of another. */
export class BootWriters {
  readonly #boots = new Map<string, Writers>();
  #last = new Writers();
  #lastBoot = '';

  of(bootId: string): Writers {
    if (bootId === this.#lastBoot) return this.#last;
    this.#lastBoot = bootId;
    this.#last = this.#find(bootId);
    return this.#last;
  }

  #find(bootId: string): Writers {
    const known = this.#boots.get(bootId);
    if (known !== undefined) return known;
    if (this.#boots.size >= maxBoots) this.#boots.clear();
    const writers = new Writers();
    this.#boots.set(bootId, writers);
    return writers;
  }
}
