import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SelfTime, summarizeProfile } from './profile-summary.ts';

/** Where the time of a stage went. */
export interface StageProfile {
  readonly name: string;
  readonly functions: readonly SelfTime[];
}

const shownFunctions = 15;

/** Profiles carry the time in their names, so that the last one is the newest. */
const newestIn = async (folder: string): Promise<string | undefined> =>
  (await readdir(folder))
    .filter((name) => name.endsWith('.cpuprofile'))
    .toSorted()
    .at(-1);

/** The newest profile of each folder below `folder`, and what took most in it. */
export const readProfiles = async (folder: string): Promise<readonly StageProfile[]> => {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const profiles: StageProfile[] = [];
  for (const { name } of names) {
    const newest = await newestIn(join(folder, name));
    if (newest === undefined) continue;
    const functions = summarizeProfile(await readFile(join(folder, name, newest), 'utf8'));
    profiles.push({ name, functions: functions.slice(0, shownFunctions) });
  }
  return profiles;
};
