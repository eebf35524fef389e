import type { Lane } from '../../src/delivery/lane.ts';
import type { Track } from '../../src/delivery/track.ts';
import type { RecordItem } from '../../src/sdk/feed.ts';

/** The simplest of feeds: hands a lane's tracks their items from a list, each from where it resumes. */
export class LaneFeed {
  readonly #items: RecordItem[] = [];
  readonly #next = new Map<Track, number>();

  /** Tracks that read besides the main one. */
  get sideTracks(): number {
    return this.#next.size;
  }

  open(track: Track): void {
    const resume = track.resume.get('');
    this.#next.set(track, resume?.kind === 'after' ? Number(resume.cursor.slice(1)) + 1 : 0);
  }

  close(track: Track): void {
    this.#next.delete(track);
  }

  /**
   * Hands an item to the main track, whether it has room or not; item `n` is to have the cursor `cn`. Side tracks get it as
   * another reading shows it.
   */
  append(lane: Lane, item: RecordItem, elsewhere = item): void {
    this.#items.push(elsewhere);
    lane.main.take(item);
  }

  /** Lets all side tracks take what they have room for, and the lane look at how far they came. */
  pump(lane: Lane, isShared = true): void {
    for (const track of this.#next.keys()) {
      let next = this.#next.get(track) ?? 0;
      for (let item = this.#items[next]; item !== undefined && track.hasRoomFor(item); item = this.#items[next]) {
        next += 1;
        track.take(item);
      }
      if (this.#next.has(track)) this.#next.set(track, next);
    }
    lane.review((track) => isShared && this.#next.get(track) === this.#items.length);
  }
}
