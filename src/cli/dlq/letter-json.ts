import type { DeadLetter } from '../../dead-letters/dead-letter.ts';
import { formatTimeUs } from '../../event/time.ts';
import { printable } from '../../platform/printable.ts';

/** What is known of a letter besides its event, for machines. */
export const letterHead = ({ event, ...letter }: DeadLetter) => ({
  id: letter.id,
  destination: letter.destination,
  refused: formatTimeUs(letter.refusedAtMs * 1000),
  reason: letter.reason,
  answer: letter.answer,
  attempts: letter.attempts,
  key: letter.key,
  cut: letter.isCut,
  event_id: event.position.id(),
  service: event.service,
  stream: event.stream,
});

/** A letter with its event, whole: as it is structured, and the line as written where that is something else. */
export const wholeLetter = (letter: DeadLetter) => {
  const { event } = letter;
  const { timeUs, level, message, info, data, raw, bytes, position } = event;
  return {
    ...letterHead(letter),
    event: {
      received: formatTimeUs(position.receivedUs),
      cursor: position.cursor(),
      time: formatTimeUs(timeUs),
      level,
      info,
      ...(data !== undefined && { data }),
      message,
      ...(raw !== message && { raw }),
      bytes,
    },
  };
};

/** JSON that a terminal shows and does not obey, whatever is in it; JSON still. */
export const safeJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).split('\n').map(printable).join('\n');
