import type { EventInfo, EventRecall, LogEvent } from '../event/event.ts';
import type { LogRecord, RecordFields, RecordPosition } from '../event/record.ts';
import type { HostFacts } from '../platform/host-identity.ts';
import { parseJsonLine } from './json-line.ts';
import { liftLine, type Lifted } from './lift.ts';
import { OriginCache } from './origin-cache.ts';
import { originFields, type Origin, type OriginOptions } from './origin.ts';
import { priorityLevel } from './priority.ts';
import { RecalledFields } from './recalled-fields.ts';
import { ServiceCap, type OnServiceOverflow } from './service-cap.ts';

/** What a normalizer is made of. */
export interface NormalizerOptions extends OriginOptions {
  /** This host, as far as it is known at the time; asked for each record. */
  readonly host: () => HostFacts;
  /** Service names that may be new per hour of the journal. */
  readonly maxNewServicesPerHour: number;
  readonly onServiceOverflow: OnServiceOverflow;
}

/** New service names per hour: a large fleet's deployment stays below, a name per request does not. */
export const defaultMaxNewServicesPerHour = 1000;

/**
 * Turns a record into an event. Nothing of its MESSAGE is lost; service, stream and `info` are the journal's word.
 *
 * @param complete false for a record joined of pieces of which some are missing
 */
export type Normalizer = (record: LogRecord, complete?: boolean) => LogEvent;

/** Journal fields that a normalizer reads, besides the `streamField` of its options. */
export const normalizerFields: readonly string[] = ['MESSAGE', 'PRIORITY', ...originFields];

/** RFC 3339 has years of four digits: what a wrong clock puts beyond stands at the end. */
const latestUs = Date.UTC(9999, 11, 31, 23, 59, 59, 999) * 1000;

const clampTime = (timeUs: number): number => (timeUs >= 0 ? Math.min(Math.trunc(timeUs), latestUs) : 0);

/** What `info` says of this one event, besides its origin. */
const infoOf = (
  origin: Origin,
  lifted: Lifted | undefined,
  invalid: Uint8Array | undefined,
  truncatedBytes: number,
  complete: boolean,
): EventInfo => {
  const { source, errors, claimedTime } = lifted ?? {};
  const isPlain = source === undefined && errors === undefined && claimedTime === undefined;
  if (isPlain && invalid === undefined && complete && truncatedBytes === 0) return origin.info;
  return {
    ...origin.info,
    ...(source !== undefined && { source }),
    ...(errors !== undefined && { errors }),
    ...(claimedTime !== undefined && { claimed_time: claimedTime }),
    ...(invalid !== undefined && { raw: Buffer.from(invalid).toString('base64') }),
    ...(truncatedBytes > 0 && { truncated_bytes: truncatedBytes }),
    ...(!complete && { incomplete: true as const }),
  };
};

const toEvent = (
  record: LogRecord,
  origin: Origin,
  service: string,
  complete: boolean,
  recall: EventRecall | undefined,
): LogEvent => {
  const { position, fields, truncatedBytes } = record;
  // A repeated MESSAGE is one line each: none of them may be lost.
  const repeats = fields.repeats('MESSAGE');
  const raw = repeats ? fields.all('MESSAGE').join('\n') : (fields.get('MESSAGE') ?? '');
  const receivedUs = clampTime(position.receivedUs);
  const line = parseJsonLine(raw);
  const lifted = line === undefined ? undefined : liftLine(line.object, receivedUs);
  const structured = line?.whole === true;
  const invalid = fields.invalidBytes('MESSAGE');
  const followsFromLine = invalid === undefined && complete && truncatedBytes === 0 && !repeats;
  return {
    position,
    timeUs: lifted?.timeUs ?? receivedUs,
    level: lifted?.level ?? priorityLevel(fields),
    message: structured && lifted !== undefined ? lifted.message : raw,
    service,
    stream: origin.stream,
    info: infoOf(origin, structured ? lifted : undefined, invalid, truncatedBytes, complete),
    data: structured ? lifted?.data : undefined,
    raw,
    structured,
    fields,
    bytes: record.bytes,
    parsedBytes: structured ? line?.parsedBytes : undefined,
    recall: followsFromLine ? recall : undefined,
  };
};

/**
 * So many events of a writer are kept whole before one is made anew: to that end a record of the writer is kept, which is
 * then little for each. Of writers who never write the same fields twice all are kept whole.
 */
export const wholeOfWriter = 16;

/** A record of a writer that is kept is none that is longer than most. */
const longestKeptBytes = 4096;

/** Remakes events of which the records have in common all but what is a line's own. */
class WriterRecall implements EventRecall {
  readonly #fields: RecordFields;
  readonly #otherBytes: number;
  readonly #origin: Origin;
  readonly service: string;

  /** @param record any of the writer's. */
  constructor({ fields, bytes }: LogRecord, origin: Origin, service: string) {
    this.#fields = fields;
    this.#otherBytes = Math.max(0, bytes - Buffer.byteLength(fields.get('MESSAGE') ?? ''));
    this.#origin = origin;
    this.service = service;
  }

  remake(raw: string, position: RecordPosition): LogEvent {
    const fields = new RecalledFields(this.#fields, raw);
    const bytes = this.#otherBytes + Buffer.byteLength(raw);
    return toEvent({ position, fields, bytes, truncatedBytes: 0 }, this.#origin, this.service, true, this);
  }
}

/** What is known of the events of a writer. */
interface Acquaintance {
  readonly origin: Origin;
  readonly service: string;
  events: number;
  recall: WriterRecall | undefined;
}

/** What events are made anew of, for each of the writers that write enough. */
class Recalls {
  readonly #writers = new WeakMap<object, Acquaintance>();

  of(record: LogRecord, origin: Origin, service: string): EventRecall | undefined {
    const { common } = record.fields;
    if (common === undefined) return undefined;
    const known = this.#writers.get(common);
    if (known?.origin !== origin || known.service !== service) {
      this.#writers.set(common, { origin, service, events: 1, recall: undefined });
      return undefined;
    }
    known.events += 1;
    if (known.recall === undefined && known.events > wholeOfWriter && record.bytes <= longestKeptBytes) {
      known.recall = new WriterRecall(record, origin, service);
    }
    return known.recall;
  }
}

/** Makes the step from records to events. Its memory only saves work, except for the cap on new service names. */
export const createNormalizer = (options: NormalizerOptions): Normalizer => {
  const origins = new OriginCache(options);
  const services = new ServiceCap(options.maxNewServicesPerHour, options.onServiceOverflow);
  const recalls = new Recalls();
  return (record, complete = true) => {
    const origin = origins.originOf(record.fields, options.host());
    const service = services.admit(origin.service, record.position.receivedUs);
    return toEvent(record, origin, service, complete, recalls.of(record, origin, service));
  };
};
