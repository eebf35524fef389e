import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '#sdk';
import { deniedCodes } from './folders.ts';
import { parseConfSize, parseConfTimeSpan } from './conf-values.ts';

/** What journald's configuration says of one kind of storage; undefined where it is left to journald. */
export interface StorageSettings {
  readonly maxUseBytes: number | undefined;
  readonly keepFreeBytes: number | undefined;
  readonly maxFileBytes: number | undefined;
  readonly maxRetentionMs: number | undefined;
}

/** The kinds of storage, as the names of their settings begin: on disk, in memory. */
export type StorageKind = 'System' | 'Runtime';

/** Where systemd looks for configuration; what is found in an earlier folder hides its namesakes (systemd.unit(5)). */
const confFolders = ['etc/systemd', 'run/systemd', 'usr/local/lib/systemd', 'usr/lib/systemd'];
const absentCodes: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);

const unlessAbsent = async <Value>(read: Promise<Value>): Promise<Value | undefined> =>
  await read.catch((error: unknown) => {
    if (absentCodes.has(codeOf(error))) return undefined;
    throw error;
  });

const findMain = async (root: string, name: string): Promise<readonly string[]> => {
  for (const folder of confFolders) {
    const text = await unlessAbsent(readFile(join(root, folder, `${name}.conf`), 'utf8'));
    if (text !== undefined) return [text];
  }
  return [];
};

const findDropIns = async (root: string, name: string): Promise<readonly string[]> => {
  const paths = new Map<string, string>();
  for (const folder of confFolders.map((each) => join(root, each, `${name}.conf.d`))) {
    const files = (await unlessAbsent(readdir(folder))) ?? [];
    for (const file of files) if (file.endsWith('.conf') && !paths.has(file)) paths.set(file, join(folder, file));
  }
  const sorted = [...paths].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const texts = await Promise.all(sorted.map(async ([, path]) => await unlessAbsent(readFile(path, 'utf8'))));
  return texts.filter((text) => text !== undefined);
};

/** Assignments of the section `[Journal]` in order (systemd.syntax(7)). */
const assignmentsIn = (text: string): readonly (readonly [key: string, value: string])[] => {
  const assignments: [string, string][] = [];
  let section = '';
  for (const line of text.replaceAll(/\\\n/g, ' ').split('\n')) {
    const trimmed = line.trim();
    if (/^[#;]/.test(trimmed)) continue;
    section = /^\[(.*)\]$/.exec(trimmed)?.[1] ?? section;
    const [, key, value] = /^([A-Za-z]+)\s*=\s*(.*)$/.exec(trimmed) ?? [];
    if (section === 'Journal' && key !== undefined && value !== undefined) assignments.push([key, value]);
  }
  return assignments;
};

/** The last assignment that journald understands; it ignores the others. */
const settingOf = (
  texts: readonly string[],
  name: string,
  parse: (text: string) => number | undefined,
): number | undefined => {
  let setting: number | undefined;
  for (const [key, value] of texts.flatMap(assignmentsIn)) {
    if (key === name) setting = value === '' ? undefined : (parse(value) ?? setting);
  }
  return setting;
};

/**
 * Reads journald's configuration, main file and drop-ins (journald.conf(5)).
 *
 * @param root the folder that the host's `/etc`, `/run` and `/usr` are in
 * @param namespace undefined: the default one
 * @returns undefined where rights hide a file of it: nothing follows from the rest then.
 */
export const readStorageSettings = async (
  root: string,
  namespace: string | undefined,
  kind: StorageKind,
): Promise<StorageSettings | undefined> => {
  const name = namespace === undefined ? 'journald' : `journald@${namespace}`;
  try {
    const texts = [...(await findMain(root, name)), ...(await findDropIns(root, name))];
    const retentionMs = settingOf(texts, 'MaxRetentionSec', parseConfTimeSpan);
    return {
      maxUseBytes: settingOf(texts, `${kind}MaxUse`, parseConfSize),
      keepFreeBytes: settingOf(texts, `${kind}KeepFree`, parseConfSize),
      maxFileBytes: settingOf(texts, `${kind}MaxFileSize`, parseConfSize),
      maxRetentionMs: retentionMs === 0 ? undefined : retentionMs,
    };
  } catch (error) {
    if (deniedCodes.has(codeOf(error))) return undefined;
    throw error;
  }
};
