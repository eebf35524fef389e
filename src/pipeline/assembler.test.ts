import { describe, expect, test } from '@jest/globals';
import { memoryAssembler } from '../../test/support/memory-agent.ts';
import type { Loss, LossOwner } from '../event/loss.ts';
import { dockerFields, testRecord } from '../normalize/test-record.ts';

const lossOf = (owner: LossOwner): Loss => ({ reason: 'suppressed by journald', count: 7, owner });

describe('an item that a feed makes of a record', () => {
  test('tells of losses with the services that they are counted under', () => {
    const owners: readonly LossOwner[] = [
      { kind: 'unit', unit: 'noisy@1.service' },
      { kind: 'this record' },
      { kind: 'unknown' },
      { kind: 'kernel' },
    ];
    const item = memoryAssembler().assemble({ ...testRecord(dockerFields), losses: owners.map(lossOf) }, 0);
    expect(item.losses).toEqual(
      ['noisy', 'shop-web', '(unknown)', 'kernel'].map((service) => ({
        reason: 'suppressed by journald',
        count: 7,
        service,
      })),
    );
  });

  test('of a piece tells of losses, too', () => {
    const piece = testRecord({ ...dockerFields, CONTAINER_PARTIAL_ID: 'p', CONTAINER_PARTIAL_ORDINAL: '1' });
    const item = memoryAssembler().assemble({ ...piece, losses: [lossOf({ kind: 'this record' })] }, 0);
    expect(item).toMatchObject({ event: undefined, joined: [], losses: [{ count: 7, service: 'shop-web' }] });
  });

  test('tells of none as a rule', () => {
    expect(memoryAssembler().assemble(testRecord(dockerFields), 0)).not.toHaveProperty('losses');
  });
});
