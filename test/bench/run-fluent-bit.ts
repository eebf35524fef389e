import { setTimeout as sleep } from 'node:timers/promises';
import { type Figures, figuresOf } from './figures.ts';
import { type FluentBitStage, withFluentBit } from './fluent-bit.ts';
import { type LiveFigures, measureIdle, type Pace, percentOfCore, warmUpSeconds } from './live-figures.ts';
import { sustainedRate } from './sustained-rate.ts';
import { waitForLines } from './wait-for-lines.ts';
import { withLogging } from './with-logging.ts';
import type { Workload } from './workload.ts';

/**
 * Lets fluent-bit ship a journal until all of its lines are there.
 *
 * @param executable its path.
 * @throws when lines are missing.
 */
export const runFluentBit = async (
  setup: FluentBitStage,
  executable: string,
  { journal, entries }: Workload,
): Promise<Figures> =>
  await withFluentBit({ executable, setup, journal, start: 'beginning' }, async (program, sink) => {
    const samples = await waitForLines(program, sink, entries);
    const { seconds, cpu } = program.measure();
    const { ownMib } = await program.stop();
    const { events } = await sink.count();
    return figuresOf({
      stage: setup,
      reader: undefined,
      entries,
      seconds,
      sustainedLinesPerSecond: sustainedRate(samples, entries),
      cpuSeconds: cpu.own + cpu.children,
      journalctlCpuSeconds: 0,
      startCpuSeconds: undefined,
      peakMib: ownMib,
      journalctlPeakMib: 0,
      uniqueIds: undefined,
      duplicates: events - entries,
    });
  });

/** Lets fluent-bit follow a live journald, and then one that is silent. */
export const followWithFluentBit = async (
  setup: FluentBitStage,
  executable: string,
  { linesPerSecond, seconds }: Pace,
): Promise<LiveFigures> =>
  await withLogging(linesPerSecond, async (bed) => {
    const settings = { executable, setup, journal: bed.directory, start: 'now' } as const;
    return await withFluentBit(settings, async (program, sink) => {
      await sleep(warmUpSeconds * 1000);
      const before = (await sink.count()).events;
      const { own } = await percentOfCore(program, seconds);
      const arrived = (await sink.count()).events - before;
      bed.endLogging();
      return {
        stage: setup,
        reader: undefined,
        linesPerSecond: arrived / seconds,
        cpuPercent: own,
        journalctlCpuPercent: 0,
        p50Ms: undefined,
        p99Ms: undefined,
        ...(await measureIdle(program, seconds)),
      };
    });
  });
