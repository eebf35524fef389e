/** RFC 3339 in UTC with microseconds, as `2026-11-22T05:40:00.123456Z`. */
export const formatTimeUs = (timeUs: number): string => {
  const ms = Math.floor(timeUs / 1000);
  const micros = timeUs - ms * 1000;
  return `${new Date(ms).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
};
