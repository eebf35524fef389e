import type { z } from 'zod';
import type { Route } from '../policy/routes.ts';
import type { Rule } from '../policy/rules/rule.ts';
import type { AdapterManifest, AdapterOptionsSchema, Encoding, Start } from '#sdk';
import type { ListenAddress } from './listen-address.ts';
import type { SourcesSchema } from './schema.ts';

/** How a destination's lane treats its events, whatever the adapter. */
export interface LaneConfig {
  readonly encoding: Encoding;
  readonly batch: {
    readonly maxAgeMs: number;
    /** Undefined: the adapter's own limit. */
    readonly maxBytes: number | undefined;
    readonly maxEvents: number | undefined;
  };
  /** What becomes of events that the service would refuse for their time. */
  readonly outsideWindow: 'restamp' | 'drop';
  /** Requests on their way at once. */
  readonly concurrency: number;
  /** How long this lane may take to empty itself at the end; undefined: the agent's own limit. */
  readonly drainMs: number | undefined;
  /** Lines received longer ago than this are dropped; undefined: none are. */
  readonly maxBacklogMs: number | undefined;
  /** Whether services are told in their own stream what was dropped. */
  readonly notices: boolean;
  /** Most bytes of dead letters on disk; 0: none are kept. */
  readonly deadLetters: { readonly maxBytes: number };
  /** Whether it goes on where it was when it was off for a while; else it begins at its start. */
  readonly resume: boolean;
  /** The name that it had before, whose checkpoint it takes over. */
  readonly renamedFrom: string | undefined;
  /** Where it begins without a checkpoint; undefined: where its source says. */
  readonly start: Start | undefined;
}

/** A configured target. */
export type DestinationConfig =
  | {
      readonly status: 'ready';
      readonly name: string;
      readonly adapter: AdapterManifest;
      /** The adapter's own options, as its schema parsed them. */
      readonly options: z.output<AdapterOptionsSchema>;
      readonly lane: LaneConfig;
    }
  /** Enabled, but it can't run: `LOGGLY_TOKEN is not set`. */
  | { readonly status: 'denied'; readonly name: string; readonly problem: string }
  | { readonly status: 'off'; readonly name: string };

/** The whole configuration: read, merged, interpolated and checked. */
export interface Config<Sources extends z.ZodRawShape> {
  /** Options of each configured source, as its schema parsed them. */
  readonly sources: z.output<SourcesSchema<Sources>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Directory of checkpoints and dead letters. */
  readonly state: string;
  /** One budget for all events in memory. */
  readonly memoryBytes: number;
  readonly naming: { readonly preset: 'sluice' | 'ecs-logs'; readonly streamField: string | undefined };
  readonly cloudIdentity: 'auto' | 'off';
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' };
  readonly admin: {
    readonly listen: ListenAddress | undefined;
    /** The socket for commands; undefined: where the agent's surroundings say. */
    readonly socket: string | undefined;
  };
  readonly destinations: readonly DestinationConfig[];
  readonly rules: readonly Rule[];
  readonly routes: readonly Route[];
}
