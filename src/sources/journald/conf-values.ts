const unitsOfSize = ['', 'K', 'M', 'G', 'T', 'P', 'E'];

/** A size as journald.conf(5) has it, `500M`, in bytes; undefined where journald would ignore it. */
export const parseConfSize = (text: string): number | undefined => {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) *([KMGTPE]?)B?$/.exec(text) ?? [];
  return number === undefined ? undefined : Math.floor(Number(number) * 1024 ** unitsOfSize.indexOf(unit));
};

const dayMs = 86_400_000;

/** systemd.time(7), "Parsing time spans"; a number alone is seconds. */
const unitsOfTime: readonly (readonly [names: readonly string[], ms: number])[] = [
  [['usec', 'us', 'µs'], 0.001],
  [['msec', 'ms'], 1],
  [['', 'seconds', 'second', 'sec', 's'], 1000],
  [['minutes', 'minute', 'min', 'm'], 60_000],
  [['hours', 'hour', 'hr', 'h'], 3_600_000],
  [['days', 'day', 'd'], dayMs],
  [['weeks', 'week', 'w'], 7 * dayMs],
  [['months', 'month', 'M'], 30.44 * dayMs],
  [['years', 'year', 'y'], 365.25 * dayMs],
];

const msOfUnit = new Map(unitsOfTime.flatMap(([names, ms]) => names.map((name) => [name, ms] as const)));

/** A time span as systemd has it, `2week 3day`, in milliseconds; undefined where journald would ignore it. */
export const parseConfTimeSpan = (text: string): number | undefined => {
  if (!/^(?:\s*\d+(?:\.\d+)?\s*[a-zA-Zµ]*)+\s*$/.test(text)) return undefined;
  let totalMs = 0;
  for (const [, number, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-zA-Zµ]*)/g)) {
    const ms = msOfUnit.get(unit);
    if (ms === undefined) return undefined;
    totalMs += Number(number) * ms;
  }
  return totalMs;
};
