import { journaldOptions } from './journald/index.ts';

/** The options schema of every source, by its name in the configuration. One line per folder. */
export const sourceOptions = { journald: journaldOptions };
