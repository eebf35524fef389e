import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const shippedSchema = z.looseObject({
  level: z.string(),
  time: z.string(),
  info: z.looseObject({ id: z.string(), service: z.string(), stream: z.string() }),
  data: z.looseObject({}).optional(),
  message: z.string().default(''),
});

/** An event as the `file` destination writes it. */
export type ShippedEvent = z.infer<typeof shippedSchema>;

/** The events in a file of the `file` destination, in order; none while there is no such file. */
export const readShipped = async (path: string): Promise<readonly ShippedEvent[]> => {
  const text = await readFile(path, 'utf8').catch(() => '');
  // The last line may be half written.
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => shippedSchema.parse(JSON.parse(line)));
};
