import type { JsonObject } from '../event/json.ts';
import type { Level } from '../event/level.ts';
import { formatTimeUs } from '../event/time.ts';
import { describeEcsLogs, type Described } from './ecs-logs.ts';
import { parseLevel, type NamedLevel } from './level-name.ts';
import { parseLineTime, type LineTime } from './line-time.ts';
import { isEmpty, setMember, type Members } from './members.ts';

/** What a line that is a JSON object says of itself. Whatever of it stands nowhere else is in `data`. */
export interface Lifted extends Described {
  readonly level: Level | undefined;
  /** Microseconds since the epoch; undefined where the line names no time or one far off the journal's. */
  readonly timeUs: number | undefined;
  /** A time far off the journal's. */
  readonly claimedTime: string | undefined;
  readonly message: string;
}

interface Found<Value> {
  readonly key: string;
  readonly value: Value;
}

const levelKeys = ['level', 'severity', 'lvl', 'log.level', 'levelname', 'loglevel', 'log_level', '@level'] as const;
const timeKeys = ['time', 'timestamp', 'ts', '@timestamp'] as const;
const messageKeys = ['msg', 'message'] as const;

const findLevel = (line: JsonObject): Found<NamedLevel> | undefined => {
  for (const key of levelKeys) {
    const value = parseLevel(line[key]);
    if (value !== undefined) return { key, value };
  }
  return undefined;
};

const findTime = (line: JsonObject): Found<LineTime> | undefined => {
  for (const key of timeKeys) {
    const value = parseLineTime(line[key]);
    if (value !== undefined) return { key, value };
  }
  return undefined;
};

/** An empty message is none: an event could not show that there was one, so that it stays in `data`. */
const findMessage = (line: JsonObject): Found<string> | undefined => {
  for (const key of messageKeys) {
    const value = line[key];
    if (typeof value === 'string' && value !== '') return { key, value };
  }
  return undefined;
};

/** A clock that is off by more than a day is wrong, or the line tells of the past. */
const maxSkewUs = 24 * 3600 * 1e6;

const isPlausible = (time: LineTime, receivedUs: number): boolean => Math.abs(time.timeUs - receivedUs) <= maxSkewUs;

interface Taken {
  readonly level: string | undefined;
  readonly time: string | undefined;
  readonly message: string | undefined;
}

const withoutTaken = (line: JsonObject, { level, time, message }: Taken): JsonObject => {
  const rest: Members = {};
  for (const name of Object.keys(line)) {
    if (name !== level && name !== time && name !== message) setMember(rest, name, line[name] ?? null);
  }
  return rest;
};

/** @param receivedUs when the journal took the line in, in microseconds since the epoch */
export const liftLine = (line: JsonObject, receivedUs: number): Lifted => {
  const level = findLevel(line);
  const time = findTime(line);
  const message = findMessage(line);
  const near = time !== undefined && isPlausible(time.value, receivedUs);
  const written = time === undefined ? undefined : line[time.key];
  const claimedTime =
    time === undefined || near ? undefined : typeof written === 'string' ? written : formatTimeUs(time.value.timeUs);
  const rest = withoutTaken(line, {
    level: level?.value.sameMeaning === true ? level.key : undefined,
    time: time?.value.sameMeaning === true || claimedTime === written ? time?.key : undefined,
    message: message?.key,
  });
  const described = describeEcsLogs(line, rest) ?? { data: isEmpty(rest) ? undefined : rest };
  return {
    ...described,
    level: level?.value.level,
    timeUs: near ? time.value.timeUs : undefined,
    claimedTime,
    message: message?.value ?? '',
  };
};
