import { describe, expect, test } from '@jest/globals';
import { agentStatusOf, destinationStatusOf } from '../../../test/support/agent-status.ts';
import { keysIn } from './key.ts';
import { firstView, inOrder, pressed, sortings, type View } from './view.ts';

const destinations = [
  destinationStatusOf(),
  destinationStatusOf({ name: 'loggly', lagSeconds: 660, linesPerSecond: 0 }),
];

/** The view after what was typed. */
const after = (input: string, rows = 3): View =>
  keysIn(input).reduce((view, key) => pressed(view, key, rows), firstView);

describe('the keys of sluice top', () => {
  test('are cursor keys of both modes, letters, and what a terminal in raw mode gives for ^C', () => {
    expect(keysIn('\u001b[A\u001bOBjkgG\r s?q\u0003')).toEqual([
      'up',
      'down',
      'down',
      'up',
      'first',
      'last',
      'enter',
      'pause',
      'sort',
      'help',
      'quit',
      'quit',
    ]);
    expect(keysIn('\u001b')).toEqual(['back']);
    expect(keysIn('xyz\u001b[5~\u001b[1;5C__proto__é🚀')).toEqual([]);
  });

  test('move the selection within the list', () => {
    expect(after('jjjjj').selected).toBe(2);
    expect(after('Gk').selected).toBe(1);
    expect(after('kk').selected).toBe(0);
    expect(after('j', 0).selected).toBe(0);
  });

  test('open and close pages', () => {
    expect(['\r', '\r\r', '\r\u001b', '?', '??', '?\r'].map((input) => after(input).page)).toEqual([
      'details',
      'table',
      'table',
      'help',
      'table',
      'table',
    ]);
    expect(after('\r', 0).page).toBe('table');
  });

  test('pause, and sort in turn', () => {
    expect([after(' ').isPaused, after('  ').isPaused]).toEqual([true, false]);
    expect(['', 's', 'ss', 'sss', 'ssss', 'sssss'].map((input) => after(input).sorting)).toEqual([
      ...sortings,
      sortings[0],
    ]);
    const status = agentStatusOf({ destinations });
    const names = sortings.map((sorting) => inOrder(status, { ...firstView, sorting }).destinations[0]?.name);
    expect(names).toEqual(['cloudwatch', 'loggly', 'cloudwatch', 'cloudwatch', 'cloudwatch']);
  });
});
