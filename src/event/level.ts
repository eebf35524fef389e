/** Severities in the order of syslog (RFC 5424 table 2): index 0 is the most severe. */
export const levels = ['EMERG', 'ALERT', 'CRIT', 'ERROR', 'WARN', 'NOTICE', 'INFO', 'DEBUG'] as const;

/** How severe an event is, by its ecs-logs name. */
export type Level = (typeof levels)[number];

/** 0 (EMERG) to 7 (DEBUG). */
export const severityOf = (level: Level): number => levels.indexOf(level);

/** True when `level` is at least as severe as `floor`. */
export const isAtLeast = (level: Level, floor: Level): boolean => severityOf(level) <= severityOf(floor);
