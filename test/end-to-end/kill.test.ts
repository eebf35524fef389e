import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../bench/random.ts';
import { type PrivateJournald, startPrivateJournald } from '../rigs/journald/private-journald.ts';
import { AgentRun, type ShownStatus } from '../support/agent-run.ts';
import { requireComponents } from '../support/components.ts';
import { type Reader, readerOf } from '../support/readers.ts';
import { checkArrivals, countRepetitions } from './check-arrivals.ts';
import { type Kill, noteKill, readCheckpoint, uncoveredAt } from './kills.ts';
import { LineWriter } from './line-writer.ts';
import { numberedLine } from './numbered-line.ts';
import { type Services, startServices } from './services.ts';
import { readWrittenJournal, type WrittenJournal } from './written-journal.ts';

const setting = (name: string, fallback: number): number => Number(process.env[name] ?? fallback);

const count = setting('SLUICE_E2E_LINES', 50_000);
const kills = setting('SLUICE_E2E_KILLS', 10);
const seed = setting('SLUICE_E2E_SEED', Date.now() % 1_000_000);
/** Share of requests that go wrong. */
const faultRate = 0.04;
const chunk = 500;
/** Lines come over some time, as they do in life, so that kills fall into catching up and into following. */
const chunkPauseMs = 100;
const statusEveryMs = 200;
const deadlineMs = 480_000;

jest.setTimeout(deadlineMs);

const describeLive = requireComponents('journalctl', 'systemd-journald', 'root', 'unshare');

const configuration = (folder: string, reader: Reader, { destinations }: Services): string => `
sources: { journald: { reader: ${reader}, start: beginning } }
state: ${folder}/state
memory: 64MiB
cloud_identity: off
admin: { listen: '127.0.0.1:0' }
destinations: ${destinations}
`;

const isCaughtUp = ({ destinations }: ShownStatus): boolean =>
  destinations.every(({ lagLines, balance }) => lagLines === 0 && balance.pending === 0);

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

describeLive(`${count} lines, ${kills} kills, services that fail at random (SLUICE_E2E_SEED=${seed})`, () => {
  const startedMs = Date.now();
  const lines = Array.from({ length: count }, (_, number) => numberedLine(number, startedMs));
  const random = seededRandom(seed);
  const killed: Kill[] = [];
  let folder: string;
  let journal: PrivateJournald;
  let services: Services;
  let writer: LineWriter;
  let agent: AgentRun | undefined;
  let written: WrittenJournal;
  let status: ShownStatus;

  /** Every start goes on with the other reader, where that one left off. */
  const startAgent = async (start: number): Promise<AgentRun> => {
    await writeFile(join(folder, 'sluice.yaml'), configuration(folder, readerOf(seed + start), services));
    return new AgentRun(join(folder, 'sluice.yaml'), {
      environment: services.environment,
      spawn: (program, parameters, options) => journal.spawn(program, parameters, options),
    });
  };

  const takenByAll = (): number => sumOf(services.all.map(({ taken }) => taken()));

  /** Some kills come while the agent starts, the others after it has shipped some lines. */
  const killMoment = async (run: AgentRun): Promise<void> => {
    if (random() < 0.25) return await delay(random() * 800);
    const goal = takenByAll() + 1 + Math.floor((random() * 6 * count) / kills);
    const patience = delay(10_000).then(() => true);
    let isImpatient = false;
    void patience.then((value) => (isImpatient = value));
    await run.until('shipped', () => takenByAll() >= goal || isImpatient);
    await delay(random() * 20);
  };

  const killAgain = async (): Promise<void> => {
    for (let kill = 0; kill < kills; kill += 1) {
      agent = await startAgent(kill);
      await killMoment(agent);
      await agent.end('SIGKILL');
      killed.push(...(await noteKill(services.all, join(folder, 'state'))));
    }
  };

  const writeAll = async (): Promise<void> => {
    for (let from = 0; from < count; from += chunk) {
      await writer.write(from, Math.min(from + chunk, count));
      await delay(chunkPauseMs);
    }
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
    journal = await startPrivateJournald({ settings: { LineMax: '2K' } });
    services = await startServices(random, faultRate);
    writer = new LineWriter(journal, startedMs);
    await Promise.all([writeAll(), killAgain()]);
    await journal.sync();
    written = await readWrittenJournal(journal);
    const last = await startAgent(kills);
    agent = last;
    await last.until('caught up', async () => {
      status = await last.status();
      if (isCaughtUp(status)) return true;
      await delay(statusEveryMs);
      return false;
    });
  }, deadlineMs);

  afterAll(async () => {
    await agent?.end('SIGKILL');
    await writer?.close();
    await journal?.stop();
    await Promise.all(services?.all.map((service) => service.close()) ?? []);
    await rm(folder, { recursive: true, force: true });
  });

  test('kills came while lines were on their way', () => {
    expect(sumOf(killed.map((kill) => uncoveredAt(kill, written).size))).toBeGreaterThan(0);
  });

  test('the journal holds every line that was written', () => {
    const numbers = new Set(written.entries.map(({ number }) => number));
    const missing = lines.filter(({ number, shape }) => shape !== 'empty' && !numbers.has(number));
    expect(missing.map(({ number }) => number)).toEqual([]);
  });

  for (const name of ['cloudwatch', 'loggly', 'logdna']) {
    const serviceOf = () => {
      const service = services.all.find((one) => one.name === name);
      if (service === undefined) throw new Error(`no service ${name}`);
      return service;
    };

    test(`${name} has every line, unaltered, in its writer's order`, () => {
      const { askedAgain, arrivals } = serviceOf();
      const takesEmpty = name !== 'logdna';
      const findings = checkArrivals(arrivals(), { journal: written, lines, takesEmpty, askedAgain });
      expect(findings).toEqual({ missing: [], missingEmpty: 0, foreign: [], altered: [], disordered: [] });
    });

    test(`${name} got no more repetitions than kills and lost answers explain`, () => {
      const service = serviceOf();
      const afterKills = sumOf(
        killed.filter((kill) => kill.service === service).map((kill) => uncoveredAt(kill, written).size),
      );
      expect(countRepetitions(service.arrivals())).toBeLessThanOrEqual(afterKills + service.unanswered());
    });

    test(`the ledger of ${name} adds up`, () => {
      const { balance, unexplained } = status.destinations.find((one) => one.name === name) ?? {};
      const empty = name === 'logdna' ? written.entries.filter(({ isEmpty }) => isEmpty).length : 0;
      expect({ balance, unexplained }).toEqual({
        balance: {
          read: written.entries.length,
          delivered: written.entries.length - empty,
          uncertain: 0,
          dropped: empty === 0 ? {} : { empty },
          droppedTotal: empty,
          pending: 0,
        },
        unexplained: 0,
      });
    });
  }

  test('the agent ends in order when asked to, and its checkpoints hold the same account', async () => {
    expect(await agent?.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const saved = await Promise.all(
      services.all.map(async ({ name }) => {
        const checkpoint = await readCheckpoint(join(folder, 'state'), name);
        return sumOf(checkpoint?.services.map(({ read }) => read) ?? []);
      }),
    );
    expect(saved).toEqual(services.all.map(() => written.entries.length));
  });
});
