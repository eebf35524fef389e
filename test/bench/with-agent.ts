import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentProcess } from './agent-process.ts';
import type { Reader } from './readers.ts';
import type { Sink } from './sinks/sink.ts';
import { sinks, type SinkName } from './sinks/start-sink.ts';
import type { Workload } from './workload.ts';

/** An agent that ships a journal from its beginning. */
export interface Shipment {
  readonly to: SinkName;
  readonly reader: Reader;
  readonly workload: Workload;
  /** `admin.listen`. */
  readonly listen: string | false;
}

const configOf = ({ reader, workload, listen }: Shipment, state: string, { destinations }: Sink): object => ({
  sources: { journald: { directory: workload.journal, reader, start: 'beginning' } },
  state,
  cloud_identity: 'off',
  admin: { listen },
  destinations,
});

/** A folder for each row of the table. */
const profileFolderOf = ({ to, reader, workload: { profileFolder } }: Shipment): string | undefined =>
  profileFolder === undefined ? undefined : join(profileFolder, `${to}-${reader}`);

type Use<Result> = (agent: AgentProcess, sink: Sink) => Promise<Result>;

const withAgentIn = async <Result>(folder: string, shipment: Shipment, use: Use<Result>): Promise<Result> => {
  const state = join(folder, 'state');
  await mkdir(state);
  const sink = await sinks[shipment.to]({ folder, state });
  const profileFolder = profileFolderOf(shipment);
  const agent = await AgentProcess.start({ config: configOf(shipment, state, sink), folder, profileFolder });
  try {
    return await use(agent, sink);
  } finally {
    await agent.stop();
    sink.close();
  }
};

/** Starts the real agent and what it ships to, and ends both after `use`; nothing of them stays. */
export const withAgent = async <Result>(shipment: Shipment, use: Use<Result>): Promise<Result> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-run-'));
  try {
    return await withAgentIn(folder, shipment, use);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
