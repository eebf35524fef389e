import { createHash } from 'node:crypto';
import { maxNameLength } from './limits.ts';

/** For a template of which an event has no field: its lines are better kept together than lost. */
const nameForNothing = 'unknown';
const hashLength = 12;

const groupName = /^(?!aws\/)[\w\-/.#]+$/;
const notInGroup = /[^\w\-/.#]/gu;
/** The service forbids `:` and `*`; what breaks terminals and lists is kept out as well. */
const streamName = /^[^:*\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u;
const separatorInStream = /[:*]/g;
const notInStream = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu;

const shorten = (name: string, original: string): string => {
  if (name.length <= maxNameLength) return name;
  const hash = createHash('sha256').update(original).digest('hex').slice(0, hashLength);
  const start = name.slice(0, maxNameLength - hashLength - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${start}-${hash}`;
};

const repairGroup = (name: string): string => {
  const repaired = name.replaceAll(notInGroup, '_').replace(/^aws\//, '_aws/');
  return shorten(repaired, name);
};

const repairStream = (name: string): string => {
  const repaired = name.replaceAll(separatorInStream, '/').replaceAll(notInStream, '_');
  return shorten(repaired, name);
};

/**
 * A name that CreateLogGroup takes: 1 to 512 of `a-zA-Z0-9_-/.#`, not starting with `aws/`. Valid names stay as they are;
 * others change character by character, so that unlike names stay unlike as far as the service allows, also when cut.
 */
export const toGroupName = (name: string): string => {
  if (name === '') return nameForNothing;
  return name.length <= maxNameLength && groupName.test(name) ? name : repairGroup(name);
};

/** A name that CreateLogStream takes: 1 to 512 characters without `:` and `*`, which become `/`; see {@link toGroupName}. */
export const toStreamName = (name: string): string => {
  if (name === '') return nameForNothing;
  return name.length <= maxNameLength && streamName.test(name) ? name : repairStream(name);
};

/** Where a batch goes. */
export interface Target {
  readonly group: string;
  readonly stream: string;
}

/** No group's name holds a line break. */
const separator = '\n';

/** The batch key of a target. */
export const toKey = (target: Target): string => `${target.group}${separator}${target.stream}`;

/** The target of a batch key made by {@link toKey}. */
export const fromKey = (key: string): Target => {
  const end = key.indexOf(separator);
  return { group: key.slice(0, end), stream: key.slice(end + separator.length) };
};
