import { describe, expect, test } from '@jest/globals';
import { pathToFileURL } from 'node:url';
import { summarizeProfile } from './profile-summary.ts';

const node = (id: number, functionName: string, url = '', lineNumber = -1) => ({
  id,
  callFrame: { functionName, scriptId: '1', url, lineNumber, columnNumber: 0 },
  hitCount: 1,
});

const encodeFile = pathToFileURL('src/event/encode.ts').href;

const profile = JSON.stringify({
  nodes: [
    node(1, '(root)'),
    node(2, '(idle)'),
    node(3, '(garbage collector)'),
    node(4, 'encode', encodeFile, 11),
    node(5, 'encode', encodeFile, 11),
    node(6, '', 'file:///elsewhere/node_modules/zod/index.js', 0),
  ],
  samples: [2, 3, 4, 5, 6],
  timeDeltas: [9000, 300, 400, 200, 100],
});

describe('the summary of a profile', () => {
  test('adds up what a function took wherever it was called from, without the time in which nothing ran', () => {
    expect(summarizeProfile(profile)).toEqual([
      { name: 'encode', place: 'src/event/encode.ts:12', percent: 60 },
      { name: '(garbage collector)', place: '', percent: 30 },
      { name: '(anonymous)', place: 'zod/index.js:1', percent: 10 },
    ]);
  });
});
