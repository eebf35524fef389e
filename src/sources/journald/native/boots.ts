import type { Compare } from './order.ts';

/** One boot's entries in a file. */
export interface FileBoot {
  readonly bootId: string;
  /** Of the first one. */
  readonly sequence: number;
  readonly realtimeUs: number;
}

/** The newest entry of a file. */
export interface Tail {
  readonly bootId: string;
  readonly monotonicUs: number;
  readonly realtimeUs: number;
  readonly machineId: string;
}

/** A file as far as it tells of boots. */
export interface BootedFile {
  readonly sequenceId: string;
  /** In order. */
  readonly boots: readonly FileBoot[];
  /** Undefined where it holds no entry that can be read. */
  readonly tail: Tail | undefined;
  /** Its journald is of systemd 254 or newer. */
  readonly tellsTailBoot: boolean;
}

interface Boot {
  /** The first number of its entries, by counter. */
  readonly numbers: Map<string, number>;
  newest: Tail | undefined;
}

const noteTail = (boot: Boot, tail: Tail): void => {
  // As sd-journal: such a clock tells nothing.
  if (tail.monotonicUs > tail.realtimeUs) return;
  if (boot.newest === undefined || tail.monotonicUs > boot.newest.monotonicUs) boot.newest = tail;
};

const compareNumbers: Compare<Boot> = (one, other) => {
  for (const [counter, number] of one.numbers) {
    const otherNumber = other.numbers.get(counter);
    if (otherNumber !== undefined && otherNumber !== number) return number - otherNumber;
  }
  return 0;
};

const compareTails: Compare<Boot> = ({ newest }, { newest: other }) =>
  newest === undefined || newest.machineId !== other?.machineId ? 0 : newest.realtimeUs - other.realtimeUs;

/**
 * How the boots of a journal follow each other: as a counter numbers entries of both, which no clock can mislead. sd-journal does
 * not look at that, and leaves entries out where a clock was set back. Else as sd-journal has it since systemd 254, by
 * the newest time that a file ends with (sd-journal.c, `compare_boot_ids`), where one of the files is of such a systemd. Of which
 * machine a boot is, its entries say, as for sd-journal since 262: a file that a remote journal was written to has the receiver's id
 * in its header.
 */
export class Boots {
  readonly #files: () => Iterable<BootedFile>;
  #known: ReadonlyMap<string, Boot> | undefined;
  #tellsByTails = false;

  constructor(files: () => Iterable<BootedFile>) {
    this.#files = files;
  }

  /** Files may have come, gone or grown. */
  forget(): void {
    this.#known = undefined;
  }

  /** The first number that a counter gave in a boot, as far as files tell. */
  firstNumber(bootId: string, sequenceId: string): number | undefined {
    return (this.#known ??= this.#look()).get(bootId)?.numbers.get(sequenceId);
  }

  /** Negative when one boot was before the other, by their ids; 0 where nothing tells. */
  compare(one: string, other: string): number {
    const known = (this.#known ??= this.#look());
    const [boot, otherBoot] = [known.get(one), known.get(other)];
    if (boot === undefined || otherBoot === undefined) return 0;
    return compareNumbers(boot, otherBoot) || (this.#tellsByTails ? compareTails(boot, otherBoot) : 0);
  }

  #look(): ReadonlyMap<string, Boot> {
    const known = new Map<string, Boot>();
    const bootOf = (bootId: string): Boot => {
      const boot = known.get(bootId) ?? { numbers: new Map<string, number>(), newest: undefined };
      known.set(bootId, boot);
      return boot;
    };
    this.#tellsByTails = false;
    for (const { sequenceId, boots, tail, tellsTailBoot } of this.#files()) {
      for (const { bootId, sequence } of boots) {
        const { numbers } = bootOf(bootId);
        numbers.set(sequenceId, Math.min(sequence, numbers.get(sequenceId) ?? sequence));
      }
      if (tail !== undefined) noteTail(bootOf(tail.bootId), tail);
      if (tellsTailBoot) this.#tellsByTails = true;
    }
    return known;
  }
}
