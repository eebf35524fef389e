let latestSecond = Number.NaN;
let latestText = '';

/** Formatting a date costs more than the rest of an event's encoding, and most events share their second with the last. */
const formatSecond = (second: number): string => {
  if (second !== latestSecond) {
    latestText = new Date(second * 1000).toISOString().slice(0, -'.000Z'.length);
    latestSecond = second;
  }
  return latestText;
};

/** Padding and cutting texts costs several times as much as looking up what there are only a thousand of. */
const thousandths = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

/** RFC 3339 in UTC with microseconds, as `2026-11-22T05:40:00.123456Z`. */
export const formatTimeUs = (timeUs: number): string => {
  const second = Math.floor(timeUs / 1e6);
  const micros = timeUs - second * 1e6;
  const millis = Math.floor(micros / 1000);
  return `${formatSecond(second)}.${thousandths[millis] ?? ''}${thousandths[micros - millis * 1000] ?? ''}Z`;
};

/** RFC 3339 in UTC with milliseconds, as `2026-11-22T05:40:00.123Z`. */
export const formatTimeMs = (timeUs: number): string => {
  const second = Math.floor(timeUs / 1e6);
  return `${formatSecond(second)}.${thousandths[Math.floor((timeUs - second * 1e6) / 1000)] ?? ''}Z`;
};
