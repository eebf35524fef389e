import * as fc from 'fast-check';
import type { DeadLetter } from '../../src/dead-letters/dead-letter.ts';
import { formatLetterId } from '../../src/dead-letters/letter-id.ts';
import { dropReasons } from '../../src/event/drop-reason.ts';
import type { EventInfo, LogEvent } from '../../src/event/event.ts';
import type { JsonObject } from '../../src/event/json.ts';
import { anyEvent, eventOf, fieldsOf } from './events.ts';

/** Names of the source's own fields that letters of tests keep. */
export const keptFields = ['CONTAINER_NAME', '_SYSTEMD_UNIT'] as const;

/** A sound letter; its event is the line with the letter's number. */
export const letterOf = (number = 1, overrides: Partial<DeadLetter> = {}): DeadLetter => ({
  id: formatLetterId(number),
  destination: 'loggly',
  refusedAtMs: 1_795_326_000_000,
  reason: 'rejected',
  answer: '400 bad field',
  attempts: 1,
  key: 'billing',
  isCut: false,
  event: eventOf({}, number),
  ...overrides,
});

const text = fc.string({ unit: 'binary', maxLength: 40 });
const number = fc.nat(100_000);
const names = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'env'), text);
const torn = fc.constantFrom(
  '\ud800',
  'a\udc00b',
  '\u0000\u001b[2J\u009b\u202e\u2028',
  '{"crc":"00000000","letter":{}}\n',
);
const line = fc.oneof(text, torn);

const anyInfo: fc.Arbitrary<EventInfo> = fc.record(
  {
    host: line,
    unit: line,
    container: text,
    image: text,
    pid: number,
    source: line,
    errors: fc.array(
      fc.record({ type: line, error: line, stack: fc.array(line, { maxLength: 3 }) }, { requiredKeys: [] }),
      { maxLength: 2 },
    ),
    labels: fc.dictionary(names, line, { maxKeys: 3 }),
    claimed_time: text,
    raw: fc.base64String(),
    truncated_bytes: number,
    incomplete: fc.constant(true),
  },
  { requiredKeys: [] },
);

/** As `JSON.parse` gives it, but for a zero's sign: that is not written either when it is sent. */
const asSent = (data: JsonObject | undefined): JsonObject | undefined =>
  data === undefined ? undefined : (JSON.parse(JSON.stringify(data)) as JsonObject);

interface EventParts {
  readonly event: LogEvent;
  readonly info: EventInfo;
  readonly field: readonly string[];
  readonly raw: string;
}

const assemble = ({ event, info, field, raw }: EventParts): LogEvent => ({
  ...event,
  info: { ...event.info, ...info },
  raw: event.structured ? event.raw : raw,
  data: asSent(event.data),
  fields: fieldsOf({ [keptFields[0]]: field }),
});

const anyStoredEvent: fc.Arbitrary<LogEvent> = fc
  .record({ event: anyEvent, info: anyInfo, field: fc.array(line, { minLength: 1, maxLength: 2 }), raw: line })
  .map(assemble);

/** Any letter of any event, hostile content included. */
export const anyLetter: fc.Arbitrary<DeadLetter> = fc
  .record({ event: anyStoredEvent, reason: fc.constantFrom(...dropReasons), answer: line, key: line, attempts: number })
  .map((overrides) => letterOf(1, overrides));

/** A letter with the values of its functions: to be compared. */
export const plainLetter = ({ event: { position, fields, ...event }, ...letter }: DeadLetter) => ({
  ...letter,
  ...event,
  position: { ...position, cursor: position.cursor(), id: position.id() },
  fields: keptFields.map((name) => ({ first: fields.get(name), all: fields.all(name) })),
});
