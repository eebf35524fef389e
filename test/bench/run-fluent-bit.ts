import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Figures, figuresOf } from './figures.ts';
import { MeasuredProcess } from './measured-process.ts';
import { type CountingProcess, startCountingProcess } from './sinks/counting-process.ts';
import { sustainedRate } from './sustained-rate.ts';
import { waitForLines } from './wait-for-lines.ts';
import type { Workload } from './workload.ts';

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

/** Every field of every entry, as a line of JSON, and no line given up. */
const configOf = (stage: FluentBitStage, journal: string, address: string): object => {
  const { service, input, output } = setups[stage];
  const { hostname: host, port } = new URL(address);
  const systemd = { name: 'systemd', path: journal, read_from_tail: false };
  const http = { name: 'http', match: '*', host, port: Number(port), format: 'json_lines', retry_limit: 'no_limits' };
  return {
    service: { flush: 1, log_level: 'warn', ...service },
    pipeline: { inputs: [{ ...systemd, ...input }], outputs: [{ ...http, ...output }] },
  };
};

const ship = async (
  stage: FluentBitStage,
  program: MeasuredProcess,
  sink: CountingProcess,
  entries: number,
): Promise<Figures> => {
  const samples = await waitForLines(program, sink, entries);
  const { seconds, cpu } = program.measure();
  const { ownMib } = await program.stop();
  const { events } = await sink.count();
  return figuresOf({
    stage,
    reader: undefined,
    entries,
    seconds,
    sustainedLinesPerSecond: sustainedRate(samples, entries),
    cpuSeconds: cpu.own + cpu.children,
    journalctlCpuSeconds: 0,
    startCpuSeconds: undefined,
    peakMib: ownMib,
    journalctlPeakMib: 0,
    uniqueIds: undefined,
    duplicates: events - entries,
  });
};

/**
 * Lets fluent-bit ship the journal to an HTTP service that counts lines, until it has all.
 *
 * @param executable its path.
 * @throws when lines are missing.
 */
export const runFluentBit = async (
  stage: FluentBitStage,
  executable: string,
  { journal, entries }: Workload,
): Promise<Figures> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-fluent-bit-'));
  const sink = await startCountingProcess('http', ['lines']);
  await writeFile(join(folder, 'fluent-bit.yaml'), JSON.stringify(configOf(stage, journal, sink.address)));
  const program = new MeasuredProcess({
    command: executable,
    parameters: ['-c', 'fluent-bit.yaml'],
    options: { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  });
  try {
    return await ship(stage, program, sink, entries);
  } finally {
    await program.stop();
    sink.close();
    await rm(folder, { recursive: true, force: true });
  }
};
