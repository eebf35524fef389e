import { TestBed } from '../independence/bed.ts';
import { quietStreams } from '../independence/stream.ts';

const services = 20;

/** A journald of its own in which 20 containers log at a steady rate; needs root. All ends after `use`. */
export const withLogging = async <Result>(
  linesPerSecond: number,
  use: (bed: TestBed) => Promise<Result>,
): Promise<Result> => {
  const bed = await TestBed.start(quietStreams(services, linesPerSecond / services));
  try {
    return await use(bed);
  } finally {
    await bed.stop();
  }
};
