import { z } from 'zod';

/** Chrome DevTools Protocol, Profiler.Profile, as `node --cpu-prof` writes it. */
const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
    }),
  ),
  /** Ids of nodes. */
  samples: z.array(z.int()),
  /** Microseconds before each sample. */
  timeDeltas: z.array(z.number()),
});

type Profile = z.output<typeof profileSchema>;

/** What one function took by itself. */
export interface SelfTime {
  readonly name: string;
  /** File and line; empty for what is no function of a script. */
  readonly place: string;
  /** Of the time in which the process did anything. */
  readonly percent: number;
}

const idle = '(idle)';
const root = new URL('../../', import.meta.url).href;

const placeOf = ({ url, lineNumber }: Profile['nodes'][number]['callFrame']): string =>
  url === '' ? '' : `${url.replace(root, '').replace(/^.*node_modules\//, '')}:${lineNumber + 1}`;

/** Microseconds by function, of all nodes that call it. */
const timeByFunction = ({ nodes, samples, timeDeltas }: Profile): ReadonlyMap<string, number> => {
  const keys = new Map(
    nodes.map(({ id, callFrame }) => [id, `${callFrame.functionName || '(anonymous)'}\t${placeOf(callFrame)}`]),
  );
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const key = keys.get(id) ?? '';
    times.set(key, (times.get(key) ?? 0) + Math.max(0, timeDeltas[index] ?? 0));
  }
  return times;
};

/** What took most by itself, the garbage collector among it, most first. */
export const summarizeProfile = (text: string): readonly SelfTime[] => {
  const times = [...timeByFunction(profileSchema.parse(JSON.parse(text)))].filter(([key]) => !key.startsWith(idle));
  const total = times.reduce((sum, [, time]) => sum + time, 0);
  return times
    .toSorted(([, one], [, other]) => other - one)
    .map(([key, time]) => {
      const [name = '', place = ''] = key.split('\t');
      return { name, place, percent: (100 * time) / total };
    });
};
