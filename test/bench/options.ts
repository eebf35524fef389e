import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Reader, readers } from './readers.ts';
import { findFluentBit } from './fluent-bit.ts';
import { type Means, shippingStages, stageNames } from './stages.ts';

export interface BenchOptions extends Means {
  readonly entries: number;
  readonly seed: number;
  readonly runs: number;
  readonly stages: readonly string[];
  readonly json: boolean;
  readonly profileFolder: string | undefined;
}

export const help = `npm run bench -- [options]

Ships a generated journal of a Docker host through the real agent and says what that takes.

  --compare        every stage, fluent-bit's too, on a journal of a million entries
  --entries N      entries of the journal (300000)
  --seed N         another journal of the same kind (1)
  --stage NAME     only this stage; may be repeated:
                   ${stageNames.join(', ')}
  --reader NAME    the agent reads with this one only; may be repeated: ${readers.join(', ')}
  --runs N         median of so many runs (1)
  --json           figures as JSON
  --fluent-bit F   the executable (the one on PATH)
  --profile DIR    let agents write CPU profiles there, and say what took most; figures are then too high
  --help
`;

const countOf = (name: string, text: string): number => {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new Error(`--${name} wants a number from 1 up, not "${text}"`);
};

const stageOf = (text: string): string => {
  if (stageNames.includes(text)) return text;
  throw new Error(`there is no stage "${text}"; choose among ${stageNames.join(', ')}`);
};

const readerOf = (text: string): Reader => {
  const reader = readers.find((name) => name === text);
  if (reader !== undefined) return reader;
  throw new Error(`there is no reader "${text}"; choose among ${readers.join(', ')}`);
};

const fluentBitOf = (file: string): string => {
  if (existsSync(file)) return file;
  throw new Error(`there is no fluent-bit at ${file}`);
};

const defaults = { entries: '300000', stage: shippingStages } as const;
const defaultsOfCompare = { entries: '1000000', stage: stageNames } as const;

/**
 * Reads the command line; undefined when help is asked for.
 *
 * @throws with a message for people when it makes no sense.
 */
export const parseOptions = (parameters: readonly string[]): BenchOptions | undefined => {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      compare: { type: 'boolean', default: false },
      entries: { type: 'string' },
      seed: { type: 'string', default: '1' },
      stage: { type: 'string', multiple: true },
      reader: { type: 'string', multiple: true, default: [...readers] },
      runs: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      'fluent-bit': { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { entries, stage } = { ...(values.compare ? defaultsOfCompare : defaults), ...values };
  const { 'fluent-bit': fluentBit } = values;
  return {
    entries: countOf('entries', entries),
    seed: countOf('seed', values.seed),
    runs: countOf('runs', values.runs),
    stages: stage.map(stageOf),
    readers: values.reader.map(readerOf),
    fluentBit: fluentBit === undefined ? findFluentBit() : fluentBitOf(fluentBit),
    json: values.json,
    profileFolder: values.profile,
  };
};
