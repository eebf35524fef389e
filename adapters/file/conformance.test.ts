import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { describeAdapter } from '../../test/contracts/adapter.ts';
import { file } from './index.ts';

const countLines = (path: string): number =>
  readFileSync(path, { encoding: 'utf8', flag: 'a+' }).split('\n').length - 1;

describe('file', () => {
  describeAdapter({
    manifest: file,
    start: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sluice-file-'));
      const path = join(folder, 'all.ndjson');
      return {
        options: { path },
        received: () => countLines(path),
        close: async () => rmSync(folder, { recursive: true }),
      };
    },
  });
});
