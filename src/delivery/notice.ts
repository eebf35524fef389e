import { createHash } from 'node:crypto';
import { encodeEvent, type EncodableEvent } from '../event/encode.ts';
import type { LogEvent } from '../event/event.ts';
import type { RecordFields, RecordPosition } from '../event/record.ts';
import type { Unannounced } from '../sdk/lane-account.ts';

/** Ids of journal entries begin with `1`: this names events that no source holds. */
const originatedVersion = 'n';
const idLength = 52;

const noFields: RecordFields = {
  get: () => undefined,
  repeats: () => false,
  all: () => [],
  invalidBytes: () => undefined,
};

const listOf = (tally: Readonly<Record<string, number>>): readonly string[] =>
  Object.entries(tally).map(([reason, number]) => `${reason} ${number}`);

const sumOf = (tally: Readonly<Record<string, number>>): number =>
  Object.values(tally).reduce((sum, number) => sum + number, 0);

const plural = (number: number): string => `${number} ${number === 1 ? 'message' : 'messages'}`;

const describe = ({ dropped, lost }: Unannounced): string => {
  const parts: string[] = [];
  if (sumOf(dropped) > 0) parts.push(`dropped ${plural(sumOf(dropped))} (${listOf(dropped).join(', ')})`);
  if (sumOf(lost) > 0) parts.push(`${plural(sumOf(lost))} lost before they could be read (${listOf(lost).join(', ')})`);
  return `sluice: ${parts.join('; ')}`;
};

/** The same drops, announced again after a kill, get the same id. */
const idOf = (destination: string, { service, toldBefore }: Unannounced): string => {
  const digest = createHash('sha256').update(`${destination}\n${service}\n${toldBefore}`).digest('base64url');
  return originatedVersion + digest.padEnd(idLength - 1, '-').slice(0, idLength - 1);
};

/**
 * Tells a service, in a stream of its own named after the host, what of its lines a destination did not get.
 *
 * @param nowMs milliseconds since the epoch.
 */
export const createNotice = (
  destination: string,
  host: string,
  unannounced: Unannounced,
  nowMs: number,
): EncodableEvent => {
  const { service, dropped, lost } = unannounced;
  const message = describe(unannounced);
  const position: RecordPosition = {
    source: 'sluice',
    shard: '',
    receivedUs: nowMs * 1000,
    cursor: () => '',
    id: () => idOf(destination, unannounced),
  };
  const event: LogEvent = {
    position,
    timeUs: nowMs * 1000,
    level: 'WARN',
    message,
    service,
    stream: host,
    info: { host, identifier: 'sluice' },
    data: { sluice: { destination, dropped: { ...dropped }, lost: { ...lost } } },
    raw: message,
    structured: false,
    fields: noFields,
    bytes: message.length,
  };
  return { event, text: (encoding, front) => encodeEvent(event, encoding, front) };
};
