const group = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

const scales = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
] as const;

/** `12,345`, `1.23M`: exact below a million, seven characters at most. */
export const formatCount = (count: number): string => {
  const [scale, unit] = scales.find(([least]) => Math.abs(count) >= least) ?? [1, ''];
  if (unit === '') return group.format(count);
  return `${(count / scale).toPrecision(3)}${unit}`;
};

/** `0.5`, `12`, `1,234`. */
export const formatRate = (perSecond: number): string =>
  perSecond === 0 || perSecond >= 10 ? formatCount(perSecond) : perSecond.toFixed(1);

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `512 B`, `4.0 GiB`. */
export const formatBytes = (bytes: number): string => {
  const power = Math.min(byteUnits.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const amount = bytes / 1024 ** power;
  return `${power === 0 || amount >= 100 ? amount.toFixed(0) : amount.toFixed(1)} ${byteUnits[power] ?? 'B'}`;
};

/** `3 s`, `11 min`, `2 h 05`, `4 d 07 h`: two units at most. */
export const formatDuration = (seconds: number): string => {
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(Math.max(0, seconds));
  if (whole < 120) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')}`;
  return `${Math.floor(hours / 24)} d ${String(hours % 24).padStart(2, '0')} h`;
};

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-22 05:40:00`, where the reader sits. */
export const formatTime = (ms: number): string => {
  const time = new Date(ms);
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${date} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
};
