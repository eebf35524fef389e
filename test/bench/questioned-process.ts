import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

/** A program of ours in a process of its own that answers questions, one at a time. It ends with this process. */
export class QuestionedProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<never>;

  /** @param program a module; what it prints is printed. */
  constructor(program: URL, parameters: readonly string[]) {
    const file = fileURLToPath(program);
    this.#child = fork(file, parameters, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#gone = once(this.#child, 'exit').then(([code]): never => {
      throw new Error(`${file} ended with ${String(code)}`);
    });
    // Whoever waits for a message hears of it.
    this.#gone.catch(() => undefined);
  }

  /**
   * Waits for what it says unasked.
   *
   * @throws when it ends before.
   */
  async nextMessage(): Promise<unknown> {
    const [message]: readonly unknown[] = await Promise.race([once(this.#child, 'message'), this.#gone]);
    return message;
  }

  /** @throws when it ends before it answers. */
  async ask(question: string): Promise<unknown> {
    const answer = this.nextMessage();
    this.tell(question);
    return await answer;
  }

  tell(message: string): void {
    this.#child.send(message);
  }

  /** From now on it runs when others of its processor have no need of it. */
  giveWay(): void {
    if (this.#child.pid !== undefined) setPriority(this.#child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }
}
