import type { AdapterManifest } from '#sdk';
import { blackhole } from './blackhole/index.ts';
import { cloudwatch } from './cloudwatch/index.ts';
import { console } from './console/index.ts';
import { file } from './file/index.ts';
import { logdna } from './logdna/index.ts';
import { loggly } from './loggly/index.ts';

/** Every adapter there is, by the order in which documents list them. One line per folder. */
export const adapters: readonly AdapterManifest[] = [cloudwatch, loggly, logdna, file, console, blackhole];
