import { medianOf } from './figures.ts';
import type { Workload } from './workload.ts';

/** One row of a table: what is run once per round. */
export interface Measurement<Row> {
  readonly name: string;
  readonly run: (workload: Workload) => Promise<Row>;
}

/**
 * Takes each measurement so many times, round after round, so that the rest of the machine's load falls on all of them.
 *
 * @returns a row for each, the median of its runs.
 */
export const measureAll = async <Row extends object>(
  measurements: readonly Measurement<Row>[],
  runs: number,
  workload: Workload,
  report: (progress: string) => void,
): Promise<readonly Row[]> => {
  const all = measurements.map((measurement) => ({ measurement, rows: [] as Row[] }));
  for (let run = 1; run <= runs; run += 1) {
    for (const { measurement, rows } of all) {
      report(`${measurement.name}, run ${run} of ${runs}`);
      rows.push(await measurement.run(workload));
    }
  }
  return all.flatMap(({ rows: [first, ...others] }) => (first === undefined ? [] : [medianOf(first, ...others)]));
};
