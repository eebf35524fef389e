import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { entriesPerChunk, generateExport, generatorVersion } from './generate.ts';

const remotePaths = ['/lib/systemd/systemd-journal-remote', '/usr/lib/systemd/systemd-journal-remote'] as const;

/** CloudWatch Logs takes no line older than 14 days, so that a journal is made anew before it is. */
const maxAgeMs = 7 * 86_400_000;

const isFresh = async (directory: string): Promise<boolean> =>
  existsSync(directory) && Date.now() - (await stat(directory)).mtimeMs < maxAgeMs;

/** systemd-journal-remote begins a new file when one's hash table is full: about 86,000 of these entries, 71 MB. */
const writeJournal = async (file: string, entries: Iterable<string>): Promise<void> => {
  const remote = remotePaths.find((path) => existsSync(path));
  if (remote === undefined) throw new Error('systemd-journal-remote is missing: install the package of that name');
  const child = spawn(remote, [`--output=${file}`, '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const exited = once(child, 'exit');
  await pipeline(Readable.from(entries), child.stdin);
  const [code] = await exited;
  if (code !== 0) throw new Error(`systemd-journal-remote ended with ${String(code)}`);
};

const reportEvery = 100_000;

/** The entries, told of as they are written: a million take half a minute and more. */
function* reported(entries: number, chunks: Iterable<string>, report: (progress: string) => void): Generator<string> {
  let [done, due] = [0, reportEvery];
  for (const chunk of chunks) {
    yield chunk;
    done += entriesPerChunk;
    if (done < due || done >= entries) continue;
    report(`${done} of ${entries} entries`);
    due += reportEvery;
  }
}

/** A folder of journal files with generated entries that end about now. Kept for some days, since making it takes long. */
export const prepareJournal = async (
  seed: number,
  entries: number,
  report: (progress: string) => void,
): Promise<string> => {
  const directory = join(tmpdir(), `sluice-bench-${userInfo().uid}`, `journal-${generatorVersion}-${seed}-${entries}`);
  if (await isFresh(directory)) return directory;
  report(`making a journal of ${entries} entries in ${directory}`);
  const partial = `${directory}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  const chunks = reported(entries, generateExport({ seed, entries, endsAtMs: Date.now() }), report);
  await writeJournal(join(partial, 'bench.journal'), chunks);
  await rm(directory, { recursive: true, force: true });
  await rename(partial, directory);
  return directory;
};
