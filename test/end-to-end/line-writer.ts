import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { NativeEntry } from '../rigs/journald/native-socket.ts';
import type { PrivateJournald } from '../rigs/journald/private-journald.ts';
import { numberedLine, type NumberedLine } from './numbered-line.ts';

const dockerdPath = fileURLToPath(new URL('dockerd.ts', import.meta.url));

const nativeEntry = ({ writer, bytes, number }: NumberedLine): NativeEntry =>
  // Every other empty line has no MESSAGE at all.
  bytes.length === 0 && number % 2000 < 1000
    ? { SYSLOG_IDENTIFIER: writer, PRIORITY: '6' }
    : { MESSAGE: bytes, SYSLOG_IDENTIFIER: writer, PRIORITY: '6' };

/** Writes numbered lines into a journal, all routes at once: native socket, a service's standard output, containers. */
export class LineWriter {
  readonly #journal: PrivateJournald;
  readonly #startedMs: number;
  readonly #dockerd: ReturnType<PrivateJournald['spawn']>;
  readonly #answers: Interface;

  constructor(journal: PrivateJournald, startedMs: number) {
    this.#journal = journal;
    this.#startedMs = startedMs;
    this.#dockerd = journal.spawn(process.execPath, [dockerdPath, String(startedMs)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (this.#dockerd.stdout === null) throw new Error('dockerd has no output');
    this.#answers = createInterface({ input: this.#dockerd.stdout });
  }

  /** Writes the lines from `from` up to, not including, `to`. */
  async write(from: number, to: number): Promise<void> {
    const lines = Array.from({ length: to - from }, (_, index) => numberedLine(from + index, this.#startedMs));
    const written = once(this.#answers, 'line');
    this.#dockerd.stdin?.write(`${from} ${to}\n`);
    const native = lines.filter(({ route }) => route === 'native socket');
    const output = lines.filter(({ route }) => route === 'standard output');
    await Promise.all([
      written,
      this.#journal.send(native.map((line) => nativeEntry(line))),
      ...[...new Set(output.map(({ writer }) => writer))].map((writer) => this.#print(writer, output)),
    ]);
  }

  async close(): Promise<void> {
    if (this.#dockerd.exitCode !== null) return;
    const exited = once(this.#dockerd, 'exit');
    this.#dockerd.stdin?.end();
    await exited;
  }

  async #print(writer: string, lines: readonly NumberedLine[]): Promise<void> {
    const own = lines.filter((line) => line.writer === writer);
    await this.#journal.log(
      own.map(({ text }) => text),
      writer,
    );
  }
}
