import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { codeOf, messageOf } from '../platform/error.ts';
import { childOf, scalarsOf, type ConfigNode, type KeyPath, type ScalarNode } from './config-node.ts';
import { isOff } from './destination-checks.ts';
import type { Complaint } from './finding.ts';
import type { SecretTest } from './secret-paths.ts';

const connectionFiles: ReadonlySet<unknown> = new Set(['ca_file', 'cert_file', 'key_file']);

/** `destinations.NAME.tls.ca_file` */
const isConnectionFile = (path: KeyPath): boolean =>
  path.length === 4 && path[2] === 'tls' && connectionFiles.has(path[3]);

const describe = (path: KeyPath): string => (isConnectionFile(path) ? 'file' : 'secret file');

const checkFile = async (path: KeyPath, { place, text }: ScalarNode): Promise<readonly Complaint[]> => {
  try {
    await access(text, constants.R_OK);
    return [];
  } catch (error) {
    const code = codeOf(error);
    const reason = code === 'ENOENT' ? 'does not exist' : `can't be read: ${code ?? messageOf(error)}`;
    return [{ kind: 'missing', place, path, message: `${describe(path)} ${text} ${reason}` }];
  }
};

const enabledDestinations = (root: ConfigNode): readonly (readonly [KeyPath, ConfigNode])[] => {
  const node = childOf(root, 'destinations');
  if (node?.kind !== 'map') return [];
  return [...node.entries].flatMap(([name, { value }]) => (isOff(value) ? [] : [[['destinations', name], value]]));
};

/**
 * Complains about files of secrets (`{ file: ... }`) and certificates that can't be read now. The others run nevertheless:
 * a destination without its file is `denied`.
 */
export const checkNamedFiles = async (root: ConfigNode, isSecret: SecretTest): Promise<readonly Complaint[]> => {
  const scalars = enabledDestinations(root).flatMap(([path, node]) => Array.from(scalarsOf(node, path)));
  const named = scalars.filter(
    ([path, { interpolation }]) =>
      (isConnectionFile(path) || (path.at(-1) === 'file' && isSecret(path.slice(0, -1)))) &&
      interpolation?.problem === undefined,
  );
  return (await Promise.all(named.map(([path, scalar]) => checkFile(path, scalar)))).flat();
};
