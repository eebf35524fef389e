/** What every stage ships. */
export interface Workload {
  /** Folder of journal files. */
  readonly journal: string;
  /** How many entries they hold. */
  readonly entries: number;
  /** Where agents write CPU profiles; undefined: nowhere. */
  readonly profileFolder: string | undefined;
}
