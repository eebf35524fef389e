import type { LogRecord, Loss, Source, SourceMessage, StartPoint } from '#sdk';

export const beginning: StartPoint = { kind: 'beginning' };

/** A reading that a failed test leaves behind must not keep Jest from ending. */
const longestReadingMs = 60_000;

/** Reads from `start` until `isDone` is true of all messages so far; then the reading is aborted. */
export const readUntil = async (
  source: Source,
  start: StartPoint,
  isDone: (messages: readonly SourceMessage[]) => boolean,
): Promise<readonly SourceMessage[]> => {
  const done = new AbortController();
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(longestReadingMs)]);
  const messages: SourceMessage[] = [];
  for await (const message of source.read(new Map([['', start]]), signal)) {
    messages.push(message);
    if (isDone(messages)) done.abort();
  }
  return messages;
};

export const recordsOf = (messages: readonly SourceMessage[]): readonly LogRecord[] =>
  messages.flatMap((message) => (message.kind === 'records' ? message.records : []));

/** What the records say is lost, in order. */
export const lossesOf = (messages: readonly SourceMessage[]): readonly Loss[] =>
  recordsOf(messages).flatMap(({ losses }) => losses ?? []);

/** Entries that the records say are missing from the journal. */
export const lostOf = (messages: readonly SourceMessage[]): number =>
  lossesOf(messages).reduce((total, { reason, count }) => total + (reason === 'journal gap' ? count : 0), 0);

/** Everything from `start` to what is the newest entry now; what comes meanwhile may follow. */
export const readToHead = async (source: Source, start: StartPoint): Promise<readonly LogRecord[]> => {
  const head = await source.head(new AbortController().signal);
  if (head === undefined) return [];
  const newest = head.position.cursor();
  const messages = await readUntil(source, start, (all) =>
    recordsOf(all.slice(-1)).some(({ position }) => position.cursor() === newest),
  );
  return recordsOf(messages);
};

/** Everything from `start` on until `count` records came. */
export const readCount = async (source: Source, start: StartPoint, count: number): Promise<readonly LogRecord[]> =>
  recordsOf(await readUntil(source, start, (all) => recordsOf(all).length >= count));

export const messagesOf = (records: readonly LogRecord[]): readonly (string | undefined)[] =>
  records.map((record) => record.fields.get('MESSAGE'));
