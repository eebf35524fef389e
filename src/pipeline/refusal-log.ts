import type { LaneOptions } from '../delivery/lane.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../sdk/logger.ts';

/**
 * This line is itself shipped. Were it said of every refused event, two destinations that refuse all would answer each
 * other's lines with ever more of them.
 */
const sayEveryMs = 10_000;

/** Says that a destination refuses events: the first at once, then how many since, with one of them and its answer. */
export const createRefusalLog = (logger: Logger, clock: Clock): LaneOptions['onRefused'] => {
  let events = 0;
  let saidAtMs = Number.NEGATIVE_INFINITY;
  return (entries, outcome, answer) => {
    events += entries.length;
    const nowMs = clock.monotonic();
    if (nowMs - saidAtMs < sayEveryMs) return;
    logger.warn({ events, outcome, lastId: entries.at(-1)?.position.id() }, `refused: ${answer}`);
    saidAtMs = nowMs;
    events = 0;
  };
};
