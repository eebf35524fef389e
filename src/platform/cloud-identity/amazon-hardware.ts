import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Readable by all, and "Amazon EC2" in one of them on Nitro, "4.11.amazon" on Xen (EC2 user guide, "Detect..."). */
const vendorFiles = ['sys_vendor', 'bios_vendor', 'board_vendor', 'bios_version'];

const readOrNothing = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // No DMI (a container, ARM boards): not known to be Amazon's.
    return '';
  }
};

/** True when the machine says that it is an EC2 instance; asks nobody. */
export const isAmazonHardware = (dmiDirectory: string): boolean =>
  vendorFiles.some((name) => /amazon/i.test(readOrNothing(join(dmiDirectory, name))));
