import { z } from 'zod';
import { isJournalFieldName } from '../event/field-path.ts';
import { isJsonObject } from '../event/json.ts';
import { severityOf } from '../event/level.ts';
import { parseLineTime } from '../normalize/line-time.ts';
import { levelName } from '../policy/level-name.ts';
import { parseCursor } from '../sources/journald/cursor.ts';

/** A moment in RFC 3339; parses to microseconds since the epoch. */
export const moment = () =>
  z.string().transform((text, context) => {
    const time = parseLineTime(text);
    if (time !== undefined) return time.timeUs;
    context.addIssue({ code: 'custom', message: 'expected a time as 2026-11-22T05:40:00.123456Z' });
    return z.NEVER;
  });

const bytes = z.array(z.int().min(0).max(255)).min(1);

/** As `journalctl -o json` prints it: text, the bytes of what is no text, a list of values, null where it withheld one. */
const fieldValue = z.union([z.string(), bytes, z.array(z.union([z.string(), bytes])).min(1), z.null()]);

const fullShape = {
  __CURSOR: z
    .string()
    .refine((text) => parseCursor(text) !== undefined, 'expected a whole cursor, as journalctl prints it')
    .optional(),
  __REALTIME_TIMESTAMP: z
    .string()
    .regex(/^\d{1,16}$/, 'expected microseconds since the epoch')
    .optional(),
};

/** The usual fields, in the words that people use for them. */
const shortShape = {
  message: z.string().optional(),
  priority: levelName()
    .transform((level) => String(severityOf(level)))
    .optional(),
  unit: z.string().min(1).optional(),
  container: z.string().min(1).optional(),
  time: moment().optional(),
};

type WrittenEntry = Readonly<Record<string, unknown>>;

const checkField = (entry: WrittenEntry, name: string, context: z.RefinementCtx<WrittenEntry>): void => {
  if (!isJournalFieldName(name)) {
    context.addIssue({ code: 'unrecognized_keys', keys: [name], input: entry });
  } else if (!fieldValue.safeParse(entry[name]).success) {
    const message = 'expected the text of a journal field, or a list of its values';
    context.addIssue({ code: 'custom', path: [name], message });
  }
};

/** A journal entry as a test states it: fields in upper case, and short forms for the usual ones in lower case. */
export const entrySchema = z
  .object({ ...shortShape, ...fullShape })
  .catchall(z.unknown())
  .superRefine(
    (entry, context) => {
      for (const name of Object.keys(entry)) {
        if (!Object.hasOwn(shortShape, name)) checkField(entry, name, context);
      }
    },
    { when: ({ value }) => isJsonObject(value) },
  )
  .refine(({ unit, container }) => unit === undefined || container === undefined, {
    error: 'a line is of a unit or of a container, not of both',
  });

export type JournalEntry = z.output<typeof entrySchema>;
