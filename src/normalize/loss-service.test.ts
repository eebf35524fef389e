import { describe, expect, test } from '@jest/globals';
import type { LossOwner } from '../event/loss.ts';
import { serviceOfLoss } from './loss-service.ts';

describe('the service of lost lines', () => {
  test.each<[LossOwner, string]>([
    [{ kind: 'unknown' }, '(unknown)'],
    [{ kind: 'this record' }, 'shop-web'],
    [{ kind: 'unit', unit: 'nginx.service' }, 'nginx'],
    [{ kind: 'unit', unit: 'getty@tty1.service' }, 'getty'],
    [{ kind: 'unit', unit: 'session-3.scope' }, 'host'],
    [{ kind: 'unit', unit: '' }, 'host'],
    [{ kind: 'unit', unit: '/etc/..\u001B' }, 'etc/.._'],
    [{ kind: 'kernel' }, 'kernel'],
  ])('of %j is %s', (owner, service) => {
    expect(serviceOfLoss(owner, 'shop-web')).toBe(service);
  });
});
