import type { BatchEntry } from './batch.ts';

const newline = 0x0a;

/** The texts of entries in UTF-8, each with a line break behind it. What lies in one buffer in a row is copied in one go. */
export const linesOf = (entries: readonly BatchEntry[]): Buffer => {
  const lines = Buffer.allocUnsafeSlow(entries.reduce((length, { bytes }) => length + bytes + 1, 0));
  let at = 0;
  for (let index = 0; index < entries.length;) {
    const entry = entries[index];
    if (entry === undefined) break;
    const { texts, start = 0 } = entry;
    if (texts === undefined) {
      at += lines.write(entry.text, at, 'utf8');
      lines[at++] = newline;
      index += 1;
      continue;
    }
    let end = start;
    for (let next = entries[index]; next?.texts === texts && next.start === end; next = entries[index]) {
      end += next.bytes + 1;
      index += 1;
    }
    texts.copyTo(lines, at, start, end);
    at += end - start;
  }
  return lines.subarray(0, at);
};
