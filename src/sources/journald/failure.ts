import { SourceError } from '#sdk';
import type { JournalctlExit } from './journalctl-process.ts';
import type { JournalPlace } from './reading.ts';

/** Why journalctl ended, as far as it changes what is done next. */
export type Failure =
  /** It can't succeed before somebody acts. */
  | { readonly kind: 'fatal'; readonly error: SourceError }
  /** An entry that it can't read: it stops there again and again. */
  | { readonly kind: 'corrupt'; readonly text: string }
  /** systemd 251 to early 252: `--follow` implies `--boot`, which `--merge` excludes. */
  | { readonly kind: 'merge refused' }
  /** Anything else heals or not; trying again is all there is. */
  | { readonly kind: 'transient'; readonly text: string };

/** How journalctl says that an entry can't be read (systemd 252, 257); what may be want of memory or files is not it. */
const corruptText =
  /Invalid field\.|Bad message|Failed to iterate through journal: (?:Invalid argument|No data available)/;
/** A crash at one place again and again is that entry's doing, too. */
const crashSignals: ReadonlySet<string | null> = new Set(['SIGBUS', 'SIGSEGV', 'SIGABRT']);

const remedyForRights =
  'add the user to group systemd-journal (sudo usermod -aG systemd-journal USER) and log in again';

const fatal = (kind: SourceError['kind'], message: string): Failure => ({
  kind: 'fatal',
  error: new SourceError(kind, message),
});

type Rule = readonly [pattern: RegExp, failure: (text: string, place: JournalPlace) => Failure];

/** What journalctl writes to standard error when it gives up (systemd 236 to 257). */
const rules: readonly Rule[] = [
  [/with --merge is not supported/, () => ({ kind: 'merge refused' })],
  [/insufficient permissions/, (text) => fatal('denied', `the journal can't be read: ${text}; ${remedyForRights}`)],
  [
    /Failed to seek to cursor/,
    (text) =>
      fatal(
        'broken',
        `journalctl refused the cursor of a checkpoint (${text}); remove that checkpoint, reading then begins at "start"`,
      ),
  ],
  [
    /Failed to add match/,
    (text, place) =>
      fatal('broken', `journalctl refused sources.journald.match ${JSON.stringify(place.matches)}: ${text}`),
  ],
  [
    /unrecognized option '--namespace/,
    (text) =>
      fatal(
        'broken',
        `this journalctl is too old (${text}); systemd 245 or newer is needed for namespaces, or remove sources.journald.namespace`,
      ),
  ],
  [
    /unrecognized option|Unknown option|invalid option/,
    (text) => fatal('broken', `this journalctl is too old (${text}); systemd 236 or newer is needed`),
  ],
  [
    /Failed to open .*: (?:No such file or directory|Not a directory|Permission denied)/,
    (text, place) =>
      fatal(
        text.endsWith('Permission denied') ? 'denied' : 'unavailable',
        `the journal ${place.directory ?? ''} can't be opened: ${text}; check sources.journald.directory and its rights`,
      ),
  ],
];

const explainStart = (path: string, startError: string): Failure => {
  if (startError === 'ENOENT') {
    return fatal(
      'unavailable',
      `${path} was not found; sluice reads the journal through systemd's journalctl: ` +
        'install systemd, or set sources.journald.reader to native',
    );
  }
  if (startError === 'EACCES')
    return fatal('denied', `${path} can't be started: permission denied; make it executable for this user`);
  return { kind: 'transient', text: `${path} can't be started: ${startError}` };
};

const describeExit = (exit: JournalctlExit): string =>
  exit.signal === null ? `exit status ${exit.code}` : `killed by ${exit.signal}`;

/** Classifies an end of journalctl that was not asked for. */
export const classifyExit = (path: string, place: JournalPlace, exit: JournalctlExit): Failure => {
  if (exit.startError !== undefined) return explainStart(path, exit.startError);
  const text = exit.stderr.join('; ');
  if (exit.code === 1) {
    for (const [pattern, failure] of rules) if (pattern.test(text)) return failure(text, place);
  }
  const described = text === '' ? describeExit(exit) : `${describeExit(exit)}: ${text}`;
  const isCorrupt = crashSignals.has(exit.signal) || (exit.code === 1 && corruptText.test(text));
  return { kind: isCorrupt ? 'corrupt' : 'transient', text: described };
};
