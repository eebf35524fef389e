import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { MeasuredProcess } from './measured-process.ts';
import { type CountingProcess, startCountingProcess } from './sinks/counting-process.ts';

/** Ways to set it up: as it is by default, compressing, and so that a crash costs it nothing, as our agent always is. */
const setups = {
  'fluent-bit': { service: {}, input: {}, output: {} },
  'fluent-bit-gzip': { service: {}, input: {}, output: { compress: 'gzip' } },
  'fluent-bit-durable': {
    service: { 'storage.path': 'storage' },
    input: { db: 'cursor.db', 'db.sync': 'normal', 'storage.type': 'filesystem' },
    output: {},
  },
} as const;

export type FluentBitStage = keyof typeof setups;

export const isFluentBitStage = (name: string): name is FluentBitStage => Object.hasOwn(setups, name);

export const fluentBitStages: readonly FluentBitStage[] = Object.keys(setups).filter(isFluentBitStage);

/** The first on PATH; undefined: there is none. */
export const findFluentBit = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'fluent-bit'))
    .find((file) => existsSync(file));

/** How it is started. */
export interface FluentBitSettings {
  /** Path of the program. */
  readonly executable: string;
  readonly setup: FluentBitStage;
  /** Folder of journal files. */
  readonly journal: string;
  readonly start: 'now' | 'beginning';
}

/** Every field of every entry, as a line of JSON, and no line given up. */
const configOf = ({ setup, journal, start }: FluentBitSettings, address: string): object => {
  const { service, input, output } = setups[setup];
  const { hostname: host, port } = new URL(address);
  const systemd = { name: 'systemd', path: journal, read_from_tail: start === 'now' };
  const http = { name: 'http', match: '*', host, port: Number(port), format: 'json_lines', retry_limit: 'no_limits' };
  return {
    service: { flush: 1, log_level: 'warn', ...service },
    pipeline: { inputs: [{ ...systemd, ...input }], outputs: [{ ...http, ...output }] },
  };
};

/** Starts fluent-bit and an HTTP service that counts its lines, and ends both after `use`; nothing of them stays. */
export const withFluentBit = async <Result>(
  settings: FluentBitSettings,
  use: (program: MeasuredProcess, sink: CountingProcess) => Promise<Result>,
): Promise<Result> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-fluent-bit-'));
  const sink = await startCountingProcess('http', ['lines']);
  await writeFile(join(folder, 'fluent-bit.yaml'), JSON.stringify(configOf(settings, sink.address)));
  const program = new MeasuredProcess({
    command: settings.executable,
    parameters: ['-c', 'fluent-bit.yaml'],
    options: { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  });
  try {
    return await use(program, sink);
  } finally {
    await program.stop();
    sink.close();
    await rm(folder, { recursive: true, force: true });
  }
};
