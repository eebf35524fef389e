import type { Config } from '../config/config.ts';
import { sourceOptions } from '../sources/index.ts';
import { leastMemory } from './memory-shares.ts';

/** The least memory budget, in bytes, that a configuration can do with: see {@link leastMemory}. */
export const leastMemoryOf = ({ sources, destinations }: Config<typeof sourceOptions>): number => {
  const { max_message: maxMessageBytes } = sources.journald ?? sourceOptions.journald.parse({});
  return leastMemory(maxMessageBytes, destinations.filter(({ status }) => status !== 'off').length);
};
