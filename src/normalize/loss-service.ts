import type { LossOwner } from '../event/loss.ts';
import { kernelService, serviceOfUnit } from './origin.ts';

/** Where lines are counted of which nobody knows whose they were. */
export const unknownService = '(unknown)';

/** The service that a loss is counted under. @param own the service of the record that tells of it */
export const serviceOfLoss = (owner: LossOwner, own: string): string => {
  switch (owner.kind) {
    case 'unknown':
      return unknownService;
    case 'this record':
      return own;
    case 'unit':
      return serviceOfUnit(owner.unit);
    case 'kernel':
      return kernelService;
  }
};
