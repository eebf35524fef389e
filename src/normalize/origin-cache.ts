import type { RecordFields } from '../event/record.ts';
import type { HostFacts } from '../platform/host-identity.ts';
import { originFields, originOf, type Origin, type OriginOptions } from './origin.ts';

interface Known {
  /** The fields that the origin was made of, so that a hit is always right. */
  readonly values: readonly (string | undefined)[];
  readonly origin: Origin;
}

/** Containers and processes remembered at a time; beyond, the longest known is forgotten. */
const maxKnown = 4096;

/** Remembers origins, so that the events of one container or process share them. Never changes what comes out. */
export class OriginCache {
  readonly #options: OriginOptions;
  readonly #names: readonly string[];
  readonly #known = new Map<string, Known>();
  #host: HostFacts | undefined;

  constructor(options: OriginOptions) {
    this.#options = options;
    this.#names = options.streamField === undefined ? originFields : [...originFields, options.streamField];
  }

  originOf(fields: RecordFields, host: HostFacts): Origin {
    if (host !== this.#host) {
      this.#known.clear();
      this.#host = host;
    }
    const key = fields.get('CONTAINER_ID_FULL') ?? fields.get('_PID') ?? '';
    const known = this.#known.get(key);
    if (known !== undefined && this.#isSame(known, fields)) return known.origin;
    return this.#remember(key, fields, originOf(fields, host, this.#options));
  }

  #isSame(known: Known, fields: RecordFields): boolean {
    for (const [index, name] of this.#names.entries()) if (fields.get(name) !== known.values[index]) return false;
    return true;
  }

  #remember(key: string, fields: RecordFields, origin: Origin): Origin {
    this.#known.delete(key);
    const [oldest] = this.#known.size < maxKnown ? [] : this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(key, { values: this.#names.map((name) => fields.get(name)), origin });
    return origin;
  }
}
