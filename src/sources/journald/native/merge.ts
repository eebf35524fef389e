import { CounterMerge, type MergedFile } from './counter-merge.ts';
import type { Compare, OrderedEntry } from './order.ts';

/**
 * Interleaves files. Most journals have one counter, or one for the system and one for each user.
 *
 * Where a clock was set back, the order may run in circles: an entry is before another by the time of day, that one before a
 * third by its number, and the third before the first by the clock of their boot. Only the next entry of each counter is let in,
 * and of those only the first of each boot.
 */
export class Merge<File extends MergedFile> {
  readonly #compare: Compare<OrderedEntry>;
  #counters: readonly CounterMerge<File>[] = [];
  #leader: CounterMerge<File> | undefined;
  /** Of the leader's entry when it was chosen. */
  #bootId = '';
  /** The leader goes on until the first entry of all others that are let in, and until that of others with its boot. */
  #rival: OrderedEntry | undefined;
  #rivalOfBoot: OrderedEntry | undefined;
  readonly #firstOfBoot = new Map<string, CounterMerge<File>>();

  constructor(compare: Compare<OrderedEntry>) {
    this.#compare = compare;
  }

  /** Begins anew with these files, each of them at a place of its own. */
  reset(files: readonly File[]): void {
    const byCounter = Map.groupBy(files, ({ sequenceId }) => sequenceId);
    this.#counters = [...byCounter.values()].map((own) => new CounterMerge(own, this.#compare));
    this.#leader = undefined;
  }

  /** The file whose next entry is the next of all; undefined where none may be handed over before files are looked at. */
  next(): File | undefined {
    const file = this.#counters.length === 1 ? this.#counters[0]?.next() : this.#nextOfAll();
    return file?.isSettled === true ? file : undefined;
  }

  #nextOfAll(): File | undefined {
    const entry = this.#leader?.look();
    if (entry === undefined || !this.#goesOn(entry)) this.#choose();
    return this.#leader?.next();
  }

  #goesOn(entry: OrderedEntry): boolean {
    return (
      entry.bootId === this.#bootId && this.#isFirst(entry, this.#rival) && this.#isFirst(entry, this.#rivalOfBoot)
    );
  }

  #isFirst(entry: OrderedEntry, rival: OrderedEntry | undefined): boolean {
    return rival === undefined || this.#compare(entry, rival) <= 0;
  }

  /** What the others wait with is known: only the leader has gone on. */
  #choose(): void {
    this.#leader = undefined;
    const letIn = this.#firstOfBoot;
    letIn.clear();
    for (const counter of this.#counters) {
      const entry = counter.head ?? counter.look();
      if (counter.isBlocked) return;
      if (entry === undefined) continue;
      const first = letIn.get(entry.bootId)?.head;
      if (first === undefined || this.#compare(entry, first) < 0) letIn.set(entry.bootId, counter);
    }
    const leader = this.#firstOf(letIn.values(), undefined, undefined);
    this.#leader = leader;
    this.#bootId = leader?.head?.bootId ?? '';
    this.#rival = letIn.size === 1 ? undefined : this.#firstOf(letIn.values(), leader, undefined)?.head;
    this.#rivalOfBoot = this.#firstOf(this.#counters, leader, this.#bootId)?.head;
  }

  /** @param bootId of the boot that is asked for, if any */
  #firstOf(
    counters: Iterable<CounterMerge<File>>,
    without: CounterMerge<File> | undefined,
    bootId: string | undefined,
  ): CounterMerge<File> | undefined {
    let first: CounterMerge<File> | undefined;
    let firstEntry: OrderedEntry | undefined;
    for (const counter of counters) {
      const entry = counter === without ? undefined : counter.head;
      if (entry === undefined || (bootId !== undefined && entry.bootId !== bootId)) continue;
      if (firstEntry !== undefined && this.#compare(entry, firstEntry) >= 0) continue;
      first = counter;
      firstEntry = entry;
    }
    return first;
  }
}
