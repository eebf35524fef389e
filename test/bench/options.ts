import { parseArgs } from 'node:util';
import { type Reader, readers } from './readers.ts';
import { isStage, type StageName, stageNames } from './stages.ts';

export interface BenchOptions {
  readonly entries: number;
  readonly seed: number;
  readonly runs: number;
  readonly stages: readonly StageName[];
  readonly readers: readonly Reader[];
  readonly json: boolean;
  readonly profileFolder: string | undefined;
}

export const help = `npm run bench -- [options]

Ships a generated journal of a Docker host through the real agent and says what that takes.

  --entries N      entries of the journal (300000)
  --seed N         another journal of the same kind (1)
  --stage NAME     only this stage; may be repeated: ${stageNames.join(', ')}
  --reader NAME    the agent reads with this one only; may be repeated: ${readers.join(', ')}
  --runs N         median of so many runs (1)
  --json           figures as JSON
  --profile DIR    let agents write CPU profiles there; figures are then too high
  --help
`;

const countOf = (name: string, text: string): number => {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new Error(`--${name} wants a number from 1 up, not "${text}"`);
};

const stageOf = (text: string): StageName => {
  if (isStage(text)) return text;
  throw new Error(`there is no stage "${text}"; choose among ${stageNames.join(', ')}`);
};

const readerOf = (text: string): Reader => {
  const reader = readers.find((name) => name === text);
  if (reader !== undefined) return reader;
  throw new Error(`there is no reader "${text}"; choose among ${readers.join(', ')}`);
};

/**
 * Reads the command line; undefined when help is asked for.
 *
 * @throws with a message for people when it makes no sense.
 */
export const parseOptions = (parameters: readonly string[]): BenchOptions | undefined => {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      entries: { type: 'string', default: '300000' },
      seed: { type: 'string', default: '1' },
      stage: { type: 'string', multiple: true, default: [...stageNames] },
      reader: { type: 'string', multiple: true, default: [...readers] },
      runs: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  return {
    entries: countOf('entries', values.entries),
    seed: countOf('seed', values.seed),
    runs: countOf('runs', values.runs),
    stages: values.stage.map(stageOf),
    readers: values.reader.map(readerOf),
    json: values.json,
    profileFolder: values.profile,
  };
};
