import type { z } from 'zod';
import type { EncodableEvent, Encoding } from '../event/encode.ts';
import type { AcceptanceWindow, Batch, BatchLimits } from './batch.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from './logger.ts';
import type { SendResult } from './send-result.ts';

/** Speaks one service's protocol for one destination: knows limits, encodes, sends and classifies. Nothing else. */
export interface Sender {
  /**
   * What may share a batch: a group and stream, a token and tags. Order is kept within a key, and at most one batch of a
   * key is on its way at any time.
   */
  batchKey(item: EncodableEvent): string;
  /**
   * The text that is counted and sent for an event, without separators; undefined when the service can't take such an
   * event because there is nothing in it (counted as dropped: `empty`).
   */
  encode(item: EncodableEvent): string | undefined;
  /**
   * Sends one batch, once. Failures of network and service are results; what is thrown is a bug of the adapter. Must
   * settle soon after `signal` aborts (deadline or shutdown).
   */
  send(batch: Batch, signal: AbortSignal): Promise<SendResult>;
  /** Frees connections and files. May be called twice. */
  close(): Promise<void>;
}

/** What an adapter gets from its host instead of importing it. */
export interface AdapterContext {
  /** The destination's configured name. */
  readonly destination: string;
  /** This host's name, as `info.host` has it. */
  readonly host: string;
  /** How this destination wants its events written. */
  readonly encoding: Encoding;
  readonly logger: Logger;
  readonly clock: Clock;
  /** The environment, for adapters whose SDK reads it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The heavy half of an adapter: loaded only when a destination uses it. */
export interface AdapterModule<Options> {
  /** Makes a sender without waiting for the network; an unreachable service is found out by `send`. */
  createSender(options: Options, context: AdapterContext): Sender;
}

/** An adapter's own options as a strict schema; one that uses the network includes `connectionOptions`. */
export type AdapterOptionsSchema = z.ZodObject<z.ZodRawShape, z.core.$strict>;

/** The light half of an adapter, known without loading its vendor's package. */
export interface AdapterManifest<Schema extends AdapterOptionsSchema = AdapterOptionsSchema> {
  readonly apiVersion: 1;
  /** The `type` in the configuration; kebab-case. */
  readonly name: string;
  /** One line for people: what it ships to. */
  readonly summary: string;
  /** Its own options; the lane's (`encoding`, `batch`, ...) are added by the configuration. */
  readonly options: Schema;
  /** Limits of the service, as the options leave them. */
  limits(options: z.output<Schema>): BatchLimits;
  /** How events outside it are treated is the lane's option `outside_window`; undefined: anything goes. */
  window(options: z.output<Schema>): AcceptanceWindow | undefined;
  /** What 'delivered' means: stored, only received, or nothing at all. */
  readonly acknowledges: 'durable' | 'received' | 'none';
  /** Set where two senders of one destination would get in each other's way, as two that append to one file. */
  readonly isExclusive?: true;
  /** How long a batch may wait to be filled, in milliseconds, unless `batch.max_age` says otherwise. */
  readonly defaultMaxAgeMs: number;
  load(): Promise<AdapterModule<z.output<Schema>>>;
}

/** Types a manifest by its own options, then lets unlike adapters fit one list. */
export const defineAdapter = <Schema extends AdapterOptionsSchema>(
  manifest: AdapterManifest<Schema>,
): AdapterManifest => manifest;
