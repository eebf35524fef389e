import type { EventError } from '../event/event.ts';
import type { JsonObject } from '../event/json.ts';
import { parseErrors } from './event-errors.ts';
import { isEmpty, isPlainObject, setMember, type Members } from './members.ts';

/** What a message says besides level, time and text. */
export interface Described {
  readonly data: JsonObject | undefined;
  readonly source?: string;
  readonly errors?: readonly EventError[];
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** A message in the ecs-logs schema `{level, time, info, data, message}`, of which all members are optional. */
const isEcsLogs = (line: JsonObject): boolean => {
  const { info, data } = line;
  const hasParts = isPlainObject(info) || isPlainObject(data);
  const partsFit = (isAbsent(info) || isPlainObject(info)) && (isAbsent(data) || isPlainObject(data));
  return hasParts && partsFit && (typeof line['message'] === 'string' || line['level'] !== undefined);
};

/**
 * What a message may say about itself is its `source` and its `errors`; host, pid and the like are the journal's word, so
 * that the message's own are data.
 */
const splitInfo = (info: JsonObject): Omit<Described, 'data'> & { readonly rest: JsonObject } => {
  const source = typeof info['source'] === 'string' && info['source'] !== '' ? info['source'] : undefined;
  const errors = parseErrors(info['errors']);
  const rest: Members = {};
  for (const name of Object.keys(info)) {
    const taken = (name === 'source' && source !== undefined) || (name === 'errors' && errors !== undefined);
    if (!taken) setMember(rest, name, info[name] ?? null);
  }
  return { ...(source !== undefined && { source }), ...(errors !== undefined && { errors }), rest };
};

/** Undefined where a name is taken already. */
const merge = (data: JsonObject, more: JsonObject): JsonObject | undefined => {
  if (isEmpty(more)) return data;
  const merged: Members = {};
  for (const name of Object.keys(data)) setMember(merged, name, data[name] ?? null);
  for (const name of Object.keys(more)) {
    if (Object.hasOwn(merged, name)) return undefined;
    setMember(merged, name, more[name] ?? null);
  }
  return merged;
};

const nothing: JsonObject = {};

/**
 * Lifts `data` and `info` of a message in the ecs-logs schema; undefined for other messages and where a name of `data`
 * would be used twice. In this schema empty means absent.
 *
 * @param rest what of the line is neither level, time nor message
 */
export const describeEcsLogs = (line: JsonObject, rest: JsonObject): Described | undefined => {
  if (!isEcsLogs(line)) return undefined;
  const { info, data } = line;
  const { rest: otherInfo, ...own } = splitInfo(isPlainObject(info) ? info : nothing);
  const others: Members = {};
  for (const name of Object.keys(rest)) {
    const lifted = name === 'info' || name === 'data' || (name === 'message' && rest[name] === '');
    if (!lifted) setMember(others, name, rest[name] ?? null);
  }
  if (!isEmpty(otherInfo)) others['info'] = otherInfo;
  const merged = merge(isPlainObject(data) ? data : nothing, others);
  return merged === undefined ? undefined : { data: isEmpty(merged) ? undefined : merged, ...own };
};
