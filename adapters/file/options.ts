import { z } from 'zod';
import { duration, messageOf, size } from '#sdk';
import { compilePath } from './path-template.ts';

const path = () =>
  z
    .string()
    .min(1)
    .transform((text, context) => {
      try {
        return compilePath(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: messageOf(error) });
        return z.NEVER;
      }
    })
    .meta({ type: 'string', template: true, description: 'file to append to; may name {{fields}} of the event' });

/** Smaller files would be rotated for every few lines. */
const minFileBytes = 4096;

export const fileOptions = z
  .strictObject({
    path: path(),
    max_size: size()
      .refine((bytes) => bytes >= minFileBytes, { message: 'must be at least 4KiB' })
      .prefault('100MiB')
      .describe('a file that would grow larger is rotated first'),
    max_age: duration().optional().describe('a file older than this is rotated when next written to; default: never'),
    gzip: z.boolean().default(true).describe('compress rotated files'),
    max_files: z.int().min(0).optional().describe('how many rotated files to keep of each file; default: all'),
    max_total: size()
      .optional()
      .describe('most bytes of all files together; the oldest rotated ones are deleted for it; default: no limit'),
  })
  .refine((options) => options.max_total === undefined || options.max_total >= 2 * options.max_size, {
    path: ['max_total'],
    message: 'must be at least twice max_size, or there is nothing to delete but what is being written',
  });

export type FileOptions = z.output<typeof fileOptions>;
