import type { AdapterContext, Sender } from '#sdk';
import { delivered, linesOf, originText } from '#sdk';
import { DiskBudget } from './disk-budget.ts';
import { classify } from './file-error.ts';
import { Housekeeper } from './housekeeper.ts';
import type { LogFile } from './log-file.ts';
import { OpenFiles } from './open-files.ts';
import type { FileOptions } from './options.ts';

/** A host has rarely more services that write at the same time; systemd's usual limit is 1024 descriptors. */
const maxOpenFiles = 64;

/** Appends events to files, one line each; delivered means that they are on the disk. */
export const createSender = (options: FileOptions, context: AdapterContext): Sender => {
  const files = new OpenFiles(maxOpenFiles);
  const budget = new DiskBudget(options, files, context.logger);
  const housekeeper = new Housekeeper(options, context.logger);
  const { path, max_size: maxBytes, max_age: maxAgeMs = Number.POSITIVE_INFINITY } = options;
  const pathOf = originText([path], (event) => path.render(event));
  housekeeper.tidy();

  const rotateIfDue = async (file: LogFile, bytes: number): Promise<void> => {
    if (file.length === 0) return;
    const nowMs = context.clock.now();
    if (file.length + bytes <= maxBytes && nowMs - file.bornMs <= maxAgeMs) return;
    await file.rotate(nowMs);
    housekeeper.tidy();
  };

  const append = async (file: LogFile, lines: Buffer, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    await file.open();
    await rotateIfDue(file, lines.length);
    await budget.spend(file.path, lines.length, () => file.append(lines, signal));
  };

  return {
    batchKey: ({ event }) => pathOf(event),
    encode: (item) => item.text(context.encoding),
    send: async (batch, signal) => {
      try {
        const lines = linesOf(batch.entries);
        await files.use(batch.key, (file) => append(file, lines, signal));
        return delivered;
      } catch (error) {
        return await classify(error, batch.key, path.base, signal);
      }
    },
    close: async () => {
      await files.close();
      await housekeeper.close();
    },
  };
};
