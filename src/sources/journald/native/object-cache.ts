import type { DataObject } from './data-objects.ts';

/** A file's values that repeat are a few hundred on most hosts; beyond, all are decoded anew. */
const maxObjects = 8192;
/** Longer ones are decoded each time. */
const maxValueBytes = 4096;
const maxBytes = 4 * 1024 * 1024;

/** Data objects that several entries share, by their offset: they never change. */
export class ObjectCache {
  readonly #objects = new Map<number, DataObject>();
  #bytes = 0;

  get(offset: number): DataObject | undefined {
    return this.#objects.get(offset);
  }

  /** False where it is not worth being kept. */
  offer(offset: number, object: DataObject): boolean {
    const bytes = object.value?.bytes ?? 0;
    if (!object.isShared || bytes > maxValueBytes) return false;
    if (this.#objects.size >= maxObjects || this.#bytes + bytes > maxBytes) {
      this.#objects.clear();
      this.#bytes = 0;
    }
    this.#objects.set(offset, object);
    this.#bytes += bytes;
    return true;
  }
}
