import { tmpdir } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { classify, FileError } from './file-error.ts';

const never = new AbortController().signal;
const systemError = (code: string): Error => Object.assign(new Error(`${code}: said the system`), { code });

describe('classify', () => {
  test.each(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ESTALE', 'ENOENT'])('%s is tried again', async (code) => {
    const reason = `can't write /logs/a: ${code}: said the system`;
    expect(await classify(systemError(code), '/logs/a', tmpdir(), never)).toEqual({
      status: 'retry',
      scope: 'destination',
      reason,
    });
  });

  test('EROFS waits for a person, for all files', async () => {
    expect(await classify(systemError('EROFS'), '/logs/a', tmpdir(), never)).toMatchObject({
      status: 'denied',
      scope: 'destination',
      reason: expect.stringContaining('ReadWritePaths='),
    });
  });

  test('EACCES concerns one file where its folder is writable, else all of them', async () => {
    const inWritable = await classify(systemError('EACCES'), `${tmpdir()}/a`, tmpdir(), never);
    const inMissing = await classify(systemError('EACCES'), '/none/a', '/none', never);
    expect(inWritable).toMatchObject({ status: 'denied', scope: 'batch' });
    expect(inMissing).toMatchObject({ status: 'denied', scope: 'destination' });
  });

  test('what the adapter itself says is passed on', async () => {
    const error = new FileError('denied', 'not a regular file');
    expect(await classify(error, '/a', '/', never)).toEqual({
      status: 'denied',
      scope: 'batch',
      reason: 'not a regular file',
    });
  });

  test('a bug is thrown', async () => {
    await expect(classify(new TypeError('oops'), '/a', '/', never)).rejects.toThrow('oops');
  });
});
