import { z } from 'zod';
import { size, start } from '#sdk';

/** Names as journald accepts them (systemd.journal-fields(7)), trusted ones with their underscore. */
const fieldName = /^[A-Z_][A-Z0-9_]{0,63}$/;
const fieldMatch = /^[A-Z_][A-Z0-9_]{0,63}=[^\0]*$/;
/** `X`, or `+X`: X and the default namespace, or `*`: all (journalctl(1), --namespace). */
const namespaceName = /^(?:\*|\+?[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})$/;

const smallestMaxMessage = 1024;
/** Beyond, no sane memory budget holds the lines that may be open at once. */
const largestMaxMessage = 16 * 1024 * 1024;

/** The `journald:` section of a configuration's `sources`. */
export const journaldOptions = z.strictObject({
  start: start().prefault('1h').describe('where a destination without a checkpoint begins'),
  reader: z
    .enum(['journalctl', 'native', 'auto'])
    .prefault('journalctl')
    .describe('how the journal is read: through journalctl, its files directly, or these where they compare equal'),
  directory: z
    .string()
    .regex(/^\/[^\0]*$/, 'expected an absolute path, as /var/log/journal')
    .optional()
    .describe("read the journal files below it instead of this host's"),
  namespace: z
    .string()
    .regex(namespaceName, 'expected the name of a journal namespace, "+name" (and the default one) or "*" (all)')
    .optional()
    .describe('journal namespace to read; default: the one without a name'),
  match: z
    .array(z.string().regex(fieldMatch, 'expected FIELD=value, as _SYSTEMD_UNIT=docker.service'))
    .prefault([])
    .describe('read only entries that match, as journalctl does: same field or, other field and'),
  machines: z
    .enum(['own', 'all'])
    .optional()
    .describe("ship only entries of this host, or of all whose journals are here; default: own, with 'directory' all"),
  fields: z
    .union([
      z.literal('all'),
      z.array(z.string().regex(fieldName, 'expected a journal field in upper case, as MY_FIELD')),
    ])
    .prefault([])
    .describe('fields to read besides those that sluice knows and those that rules, routes and templates name'),
  max_message: size()
    .refine((bytes) => bytes >= smallestMaxMessage && bytes <= largestMaxMessage, 'expected 1KiB to 16MiB')
    .prefault('1MiB')
    .describe('longest message; what is beyond is cut off and counted'),
});

export type JournaldOptions = z.output<typeof journaldOptions>;

/** Whose entries are wanted, where the options leave it open. */
export const machinesOf = (options: Pick<JournaldOptions, 'machines' | 'directory'>): 'own' | 'all' =>
  options.machines ?? (options.directory === undefined ? 'own' : 'all');
