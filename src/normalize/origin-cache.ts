import { isLineField, type RecordFields } from '../event/record.ts';
import type { HostFacts } from '../platform/host-identity.ts';
import { originFields, originOf, type Origin, type OriginOptions } from './origin.ts';

interface Known {
  /** The fields that the origin was made of, so that a hit is always right. */
  readonly fields: readonly { readonly name: string; readonly value: string | undefined }[];
  readonly origin: Origin;
}

/** Containers and processes remembered at a time; beyond, the longest known is forgotten. */
const maxKnown = 4096;

const isMadeOf = (known: Known, fields: RecordFields): boolean => {
  for (const { name, value } of known.fields) if (fields.get(name) !== value) return false;
  return true;
};

/** Remembers origins, so that the events of one container or process share them. Never changes what comes out. */
export class OriginCache {
  readonly #options: OriginOptions;
  readonly #names: readonly string[];
  readonly #known = new Map<string, Known>();
  /** By what records have in common. */
  #common = new WeakMap<object, Origin>();
  readonly #followsFromCommon: boolean;
  #host: HostFacts | undefined;

  constructor(options: OriginOptions) {
    this.#options = options;
    this.#names = options.streamField === undefined ? originFields : [...originFields, options.streamField];
    this.#followsFromCommon = this.#names.every((name) => !isLineField(name));
  }

  originOf(fields: RecordFields, host: HostFacts): Origin {
    if (host !== this.#host) {
      this.#known.clear();
      this.#common = new WeakMap();
      this.#host = host;
    }
    const common = this.#followsFromCommon ? fields.common : undefined;
    if (common === undefined) return this.#find(fields, host);
    const known = this.#common.get(common);
    if (known !== undefined) return known;
    const origin = this.#find(fields, host);
    this.#common.set(common, origin);
    return origin;
  }

  #find(fields: RecordFields, host: HostFacts): Origin {
    const key = fields.get('CONTAINER_ID_FULL') ?? fields.get('_PID') ?? '';
    const known = this.#known.get(key);
    if (known !== undefined && isMadeOf(known, fields)) return known.origin;
    return this.#remember(key, fields, originOf(fields, host, this.#options));
  }

  #remember(key: string, fields: RecordFields, origin: Origin): Origin {
    this.#known.delete(key);
    const [oldest] = this.#known.size < maxKnown ? [] : this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(key, { fields: this.#names.map((name) => ({ name, value: fields.get(name) })), origin });
    return origin;
  }
}
