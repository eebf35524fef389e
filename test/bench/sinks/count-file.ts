import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { IdCounter } from './id-counter.ts';
import { serveCount } from './serve-count.ts';

// Counts the lines of a growing file, as far as it has grown when asked.
const [file = ''] = process.argv.slice(2);
const counter = new IdCounter();
const chunk = Buffer.alloc(1024 * 1024);
let offset = 0;
let rest: Buffer = Buffer.alloc(0);

const readOn = (): void => {
  const descriptor = openSync(file, 'r');
  for (;;) {
    const length = readSync(descriptor, chunk, 0, chunk.length, offset);
    if (length === 0) break;
    offset += length;
    rest = Buffer.from(counter.addLines(Buffer.concat([rest, chunk.subarray(0, length)])));
  }
  closeSync(descriptor);
};

serveCount(file, () => {
  if (existsSync(file)) readOn();
  return counter.arrivals;
});
