import type { z } from 'zod';
import type { AdapterManifest } from '#sdk';
import type { Config } from './config.ts';
import type { ConfigNode } from './config-node.ts';
import type { Finding } from './finding.ts';

/** What the configuration may name, and what it is filled with. */
export interface ConfigContext<Sources extends z.ZodRawShape> {
  readonly adapters: readonly AdapterManifest[];
  /** The options schema of every source, by its name. */
  readonly sources: Sources;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface LoadedConfig<Sources extends z.ZodRawShape> {
  /** Undefined when it must not run: a finding is of another kind than a destination's `missing`. */
  readonly config: Config<Sources> | undefined;
  /** All that is wrong, in the order of the files. Any error fails `validate`. */
  readonly findings: readonly Finding[];
  /** The files that were read, in the order of merging. */
  readonly files: readonly string[];
  /** Merged and interpolated, with places: for {@link showConfig}. Undefined when there was nothing to read. */
  readonly document: ConfigNode | undefined;
}

/** Reads the files (none: the default place), merges, interpolates and checks them. Never throws for what they hold. */
export declare const loadConfig: <Sources extends z.ZodRawShape>(
  paths: readonly string[],
  context: ConfigContext<Sources>,
) => Promise<LoadedConfig<Sources>>;
