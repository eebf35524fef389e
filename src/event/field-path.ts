import type { LogEvent } from './event.ts';
import { isJsonObject, type JsonValue } from './json.ts';

/** Reads one value of an event, compiled from a path once. Undefined: the event has no such value. */
export type FieldReader = (event: LogEvent) => JsonValue | undefined;

const journalFieldName = /^[A-Z_][A-Z0-9_]*$/;

/** True when `path` names a field of the record itself, so that the source must be asked for it. */
export const isJournalFieldName = (path: string): boolean => journalFieldName.test(path);

const infoFields: Readonly<Record<string, FieldReader>> = {
  pid: (event) => event.info.pid,
  uid: (event) => event.info.uid,
  gid: (event) => event.info.gid,
  machine: (event) => event.info.machine,
  source: (event) => event.info.source,
};

const fixedFields: Readonly<Record<string, FieldReader>> = {
  service: (event) => event.service,
  stream: (event) => event.stream,
  level: (event) => event.level,
  message: (event) => event.message,
  id: (event) => event.position.id(),
  source: (event) => event.position.source,
  host: (event) => event.info.host,
  unit: (event) => event.info.unit,
  identifier: (event) => event.info.identifier,
  container: (event) => event.info.container,
  image: (event) => event.info.image,
  task: (event) => event.info.task,
  cluster: (event) => event.info.cluster,
  region: (event) => event.info.region,
  account: (event) => event.info.account,
  instance: (event) => event.info.instance,
};

/** What events of one origin have in common, besides `labels.*`; see `isSharedInfo`. */
const originPaths: ReadonlySet<string> = new Set([
  'service',
  'stream',
  'host',
  'unit',
  'identifier',
  'container',
  'image',
  'task',
  'cluster',
  'region',
  'account',
  'instance',
  'info.pid',
  'info.uid',
  'info.gid',
  'info.machine',
]);

/** True when a path reads nothing but service, stream and what `info` says of an event's origin. */
export const isOriginPath = (path: string): boolean => originPaths.has(path) || path.startsWith('labels.');

/** Every name that a match or a template may use, besides `data.*`, `info.*`, `labels.*` and journal fields. */
export const fixedFieldNames: readonly string[] = Object.keys(fixedFields);

const descend = (root: JsonValue | undefined, keys: readonly string[]): JsonValue | undefined => {
  let value = root;
  for (const key of keys) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
};

/** Undefined when `path` names nothing that an event could have; the caller reports it with its place. */
export const compileFieldPath = (path: string): FieldReader | undefined => {
  if (Object.hasOwn(fixedFields, path)) return fixedFields[path];
  if (isJournalFieldName(path)) return (event) => event.fields.get(path);
  const [root, ...keys] = path.split('.');
  if (keys.length === 0 || keys.includes('')) return undefined;
  if (root === 'data') return (event) => descend(event.data, keys);
  if (root === 'info' && Object.hasOwn(infoFields, keys.join('.'))) return infoFields[keys.join('.')];
  if (root === 'labels') return (event) => descend(event.info.labels, keys);
  return undefined;
};
