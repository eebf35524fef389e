import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../bench/random.ts';
import { noteKill, readCheckpoint, uncoveredAt } from '../end-to-end/kills.ts';
import { numberIn } from '../end-to-end/numbered-line.ts';
import { WrittenJournal } from '../end-to-end/written-journal.ts';
import { awsTestEnvironment } from '../fakes/cloudwatch/isolate-aws.ts';
import { type AgentExit, AgentRun, type ShownStatus } from '../support/agent-run.ts';
import type { Reader } from '../support/readers.ts';
import { some } from '../support/some.ts';
import type { ChaosJournal } from './chaos-journal.ts';
import { type Findings, findingsOf } from './findings.ts';
import { type KillOrder, type KillStep, killVariable } from './kill-step.ts';
import { type ChaosLine, chaosLine, interleave } from './line.ts';
import type { ChaosService } from './services.ts';

const preload = new URL('kill-at.ts', import.meta.url).href;
const pollMs = 20;
/** A service that still lacks lines then, lacks them for good. */
const patienceMs = 90_000;

export interface RigOptions<Journal extends ChaosJournal> {
  readonly seed: number;
  readonly journal: Journal;
  readonly reader: Reader;
  /** One budget for all events, as the configuration has it. */
  readonly memory?: string;
  /** False: no line comes in pieces. */
  readonly mayBeCut?: boolean;
  /** True where requests sort their lines by time, and the times are not the journal's order. */
  readonly isSorted?: boolean;
}

/** What is to be found at the end of a scenario. */
export interface Verdict {
  /** By name of the service. */
  readonly findings: Readonly<Record<string, Findings>>;
  readonly exit: AgentExit;
}

/** A journal of its own, services with moods, and the real agent between them; keeps account of all that is written. */
export class ChaosRig<Journal extends ChaosJournal = ChaosJournal> {
  readonly random: () => number;
  readonly journal: Journal;
  readonly lines: ChaosLine[] = [];
  readonly #options: RigOptions<Journal>;
  readonly #folder: string;
  /** By service: numbers of lines that it need not get. */
  readonly #excused = new Map<string, Set<number>>();
  readonly #mayRepeat = new Map<string, number>();
  /** By service: ids that the last kill kept out of the ledger. */
  readonly #uncovered = new Map<string, ReadonlySet<string>>();
  /** By service: ids that the ledger can't know of. */
  readonly #unbooked = new Map<string, Set<string>>();
  /** All that the journal was ever seen to hold. */
  #written = new WrittenJournal([]);
  #services: readonly ChaosService[] = [];
  #agent: AgentRun | undefined;
  #deaths = 0;

  private constructor(options: RigOptions<Journal>, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.random = seededRandom(options.seed);
    this.journal = options.journal;
  }

  static async create<Journal extends ChaosJournal>(options: RigOptions<Journal>): Promise<ChaosRig<Journal>> {
    return new ChaosRig(options, await mkdtemp(join(tmpdir(), 'sluice-chaos-')));
  }

  /** The agent's state directory, as the agent sees it. */
  get state(): string {
    return join(this.#folder, 'state');
  }

  /** The agent that was started last. */
  get agent(): AgentRun {
    if (this.#agent === undefined) throw new Error('no agent was started');
    return this.#agent;
  }

  /** A whole number from `low` up to, not including, `high`. */
  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low));
  }

  /** To be called once, with all that the agent is to ship to. */
  async shipTo(...services: readonly ChaosService[]): Promise<void> {
    this.#services = services;
    const { reader, memory = '64MiB' } = this.#options;
    await writeFile(
      join(this.#folder, 'sluice.yaml'),
      `
sources: { journald: ${JSON.stringify({ ...this.journal.source, reader, start: 'beginning', max_message: '16KiB' })} }
state: ${this.state}
memory: ${memory}
cloud_identity: off
admin: { listen: '127.0.0.1:0' }
destinations:
${services.map(({ destination }) => destination).join('\n')}
`,
    );
  }

  /** Writes the next `count` lines. */
  async write(count: number): Promise<readonly ChaosLine[]> {
    const { seed, mayBeCut = true } = this.#options;
    const from = this.lines.length;
    const lines = Array.from({ length: count }, (_, index) => chaosLine(from + index, seed, mayBeCut));
    this.lines.push(...lines);
    await this.journal.write(interleave(lines, this.random));
    return lines;
  }

  startAgent(environment: Readonly<Record<string, string>> = {}): void {
    this.#agent = new AgentRun(join(this.#folder, 'sluice.yaml'), {
      environment: { ...awsTestEnvironment, ...environment },
      ...(this.journal.spawn !== undefined && { spawn: this.journal.spawn }),
    });
  }

  /** Kills the agent wherever it is. */
  async kill(): Promise<void> {
    await this.agent.end('SIGKILL');
    await this.#noteKill();
  }

  /**
   * Starts an agent that dies when it comes to a step for the `count`th time, and writes lines until it has.
   *
   * @throws when it did not come there.
   */
  async dieAt(step: KillStep, count: number): Promise<void> {
    this.#deaths += 1;
    const order: KillOrder = { step, count, note: join(this.#folder, `killed-${this.#deaths}`) };
    this.startAgent({ [killVariable]: JSON.stringify(order), NODE_OPTIONS: `--import=${preload}` });
    const giveUpAtMs = performance.now() + patienceMs;
    while (this.agent.isRunning && performance.now() < giveUpAtMs) {
      await this.write(this.between(20, 60));
      await delay(pollMs);
    }
    await this.kill();
    if (existsSync(order.note)) return;
    throw new Error(`the agent did not come to "${step}" ${count} times:\n${this.agent.stderr.slice(-4000)}`);
  }

  /** Asks the agent to end and waits until it has. */
  async stopAgent(): Promise<AgentExit> {
    return await this.agent.end('SIGTERM');
  }

  /** Numbers of the lines that a service has. */
  numbersAt(service: ChaosService): ReadonlySet<number> {
    return new Set(service.arrivals().flatMap(({ message }) => numberIn(message) ?? []));
  }

  /** Resolves when the service has these lines; throws when it does not get them. */
  async untilHas(service: ChaosService, lines: readonly ChaosLine[]): Promise<void> {
    await this.until(`${service.name} has ${lines.length} lines`, () => {
      const numbers = this.numbersAt(service);
      return lines.every(({ number }) => numbers.has(number));
    });
  }

  /** Resolves when it is so; throws when it is not for very long. */
  async until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
    const giveUpAtMs = performance.now() + patienceMs;
    while (!(await isTrue())) {
      if (performance.now() > giveUpAtMs)
        throw new Error(`waited too long until ${what}:\n${this.agent.stderr.slice(-4000)}`);
      await delay(pollMs);
    }
  }

  /** Lets a service off lines that it need not get. */
  excuse({ name }: ChaosService, numbers: Iterable<number>): void {
    this.#excused.set(name, new Set([...(this.#excused.get(name) ?? []), ...numbers]));
  }

  /** What the last kill kept out of the ledger and the journal has lost since, no ledger can ever know of. */
  async noteUnbooked(): Promise<void> {
    const journal = await this.journal.read();
    for (const [name, ids] of this.#uncovered) {
      const gone = [...ids].filter((id) => journal.ofId(id) === undefined);
      this.#unbooked.set(name, new Set([...(this.#unbooked.get(name) ?? []), ...gone]));
    }
  }

  /** How many records lines with these numbers are. */
  recordsOf(numbers: Iterable<number>): number {
    let records = 0;
    for (const number of numbers) records += this.lines[number]?.pieces ?? 1;
    return records;
  }

  /** A destination's checkpoint as it stands on disk. */
  async checkpointOf({ name }: ChaosService) {
    const checkpoint = await readCheckpoint(this.journal.path(this.state), name);
    if (checkpoint === undefined) throw new Error(`${name} has no checkpoint`);
    return checkpoint;
  }

  /** A destination's books, as the agent has them now. */
  async balanceOf({ name }: ChaosService): Promise<ShownStatus['destinations'][number]['balance']> {
    const { destinations } = await this.agent.status();
    return some(destinations.find((one) => one.name === name)).balance;
  }

  /**
   * What the agent says that is wrong with its own books as it runs.
   *
   * @throws when lines are unexplained.
   */
  async checkBalance(): Promise<void> {
    const { destinations } = await this.agent.status();
    const wrong = destinations.filter(({ unexplained }) => unexplained !== 0);
    if (wrong.length > 0) throw new Error(`lines are unexplained: ${JSON.stringify(wrong)}`);
  }

  /** Heals all services, waits for what is to come, ends the agent and measures what came. */
  async verdict(): Promise<Verdict> {
    for (const service of this.#services) service.setMood('sound');
    await this.#awaitAll();
    await this.checkBalance();
    const exit = await this.stopAgent();
    const findings: Record<string, Findings> = {};
    for (const service of this.#services) {
      findings[service.name] = findingsOf(service, await this.checkpointOf(service), {
        lines: this.lines,
        excused: this.#excused.get(service.name) ?? new Set(),
        mayRepeat: this.#mayRepeat.get(service.name) ?? 0,
        unbooked: this.#unbooked.get(service.name) ?? new Set(),
        isSorted: this.#options.isSorted ?? false,
      });
    }
    return { findings, exit };
  }

  /** Ends all and removes all files. */
  async stop(): Promise<void> {
    await this.#agent?.end('SIGKILL');
    await this.journal.stop();
    await Promise.all(this.#services.map((service) => service.close()));
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** What is missing after a long time is a finding, not an error. */
  async #awaitAll(): Promise<void> {
    const giveUpAtMs = performance.now() + patienceMs;
    const lacksLines = (service: ChaosService): boolean => {
      const numbers = this.numbersAt(service);
      const excused = this.#excused.get(service.name);
      return this.lines.some(({ number }) => !numbers.has(number) && excused?.has(number) !== true);
    };
    while (performance.now() < giveUpAtMs && this.#services.some(lacksLines)) await delay(5 * pollMs);
    // What came before a kill and was not saved is read again: services have it, the ledger has not.
    while (performance.now() < giveUpAtMs && !(await this.#hasReadAll())) await delay(5 * pollMs);
  }

  /** Whether the agent's books are of all that the journal holds, as far as it can tell. */
  async #hasReadAll(): Promise<boolean> {
    const { destinations } = await this.agent.status();
    return destinations.every(({ balance, lagLines = 0 }) => balance.pending === 0 && lagLines === 0);
  }

  async #noteKill(): Promise<void> {
    const kills = await noteKill(this.#services, this.journal.path(this.state));
    this.#written = this.#written.extendedBy(await this.journal.read());
    for (const kill of kills) {
      const { name } = kill.service;
      const uncovered = uncoveredAt(kill, this.#written);
      this.#mayRepeat.set(name, (this.#mayRepeat.get(name) ?? 0) + uncovered.size);
      this.#uncovered.set(name, uncovered);
    }
  }
}
