import { setFlagsFromString } from 'node:v8';

/**
 * Makes the heap grow by at most 40 % of what is alive between collections. On a large host V8 lets garbage grow to
 * several times of that, which a service with a memory budget must not (measured with a budget of 128 MiB and a dead
 * destination: 360 MB resident instead of 770 MB).
 */
export const limitHeapGrowth = (): void => setFlagsFromString('--heap-growing-percent=40');
