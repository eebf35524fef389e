/** Memory for letters that wait for the disk, of all destinations together. */
export class QueueRoom {
  readonly maxBytes: number;
  #usedBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = Math.floor(maxBytes);
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** False when there is no room for so much; nothing has changed then. */
  take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.maxBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  /** What was taken is free again. */
  free(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}
