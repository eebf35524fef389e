/** The newest entry of a file. */
export interface Tail {
  readonly bootId: string;
  readonly monotonicUs: number;
  readonly realtimeUs: number;
  readonly machineId: string;
}

/** A file as far as it tells of boots. */
export interface BootedFile {
  /** Undefined where it holds no entry that can be read. */
  readonly tail: Tail | undefined;
  /** Its journald is of systemd 254 or newer. */
  readonly tellsTailBoot: boolean;
}

const newestByBoot = (files: readonly BootedFile[]): ReadonlyMap<string, Tail> => {
  const newest = new Map<string, Tail>();
  for (const { tail } of files) {
    // A boot that is older than 1970 has a clock that tells nothing; sd-journal leaves it out, too.
    if (tail === undefined || tail.monotonicUs > tail.realtimeUs) continue;
    const known = newest.get(tail.bootId);
    if (known === undefined || tail.monotonicUs > known.monotonicUs) newest.set(tail.bootId, tail);
  }
  return newest;
};

/**
 * How the boots of a journal follow each other, as sd-journal has it since systemd 254: by the newest time that a file ends
 * with (sd-journal.c, `compare_boot_ids`). Of which machine a boot is, its entries say, as for sd-journal since 262: the header of
 * a file that a remote journal was written to has the receiver's id. Of what an earlier systemd wrote, nothing is known.
 */
export class Boots {
  readonly #files: () => Iterable<BootedFile>;
  #newest: ReadonlyMap<string, Tail> | undefined;

  constructor(files: () => Iterable<BootedFile>) {
    this.#files = files;
  }

  /** Files may have come, gone or grown. */
  forget(): void {
    this.#newest = undefined;
  }

  /** Negative when one boot was before the other, by their ids; 0 where nothing tells. */
  compare(one: string, other: string): number {
    const newest = (this.#newest ??= this.#look());
    const [tail, otherTail] = [newest.get(one), newest.get(other)];
    if (tail === undefined || tail.machineId !== otherTail?.machineId) return 0;
    return tail.realtimeUs - otherTail.realtimeUs;
  }

  #look(): ReadonlyMap<string, Tail> {
    const files = [...this.#files()];
    return newestByBoot(files.some(({ tellsTailBoot }) => tellsTailBoot) ? files : []);
  }
}
