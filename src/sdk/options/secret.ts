import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { inspect, promisify } from 'node:util';
import { z } from 'zod';
import { codeOf, messageOf } from '../../platform/error.ts';

const run = promisify(execFile);
/** A credential helper that hangs must not hang the lane. */
const commandTimeoutMs = 10_000;

type SecretSource = string | { readonly file: string } | { readonly command: readonly string[] };

/**
 * A value that never shows: printed, logged or serialized it reads `[secret]`. Read where it is used, and read anew after
 * {@link Secret.forget}, so that renewed credentials heal without a restart.
 */
export class Secret {
  readonly #source: SecretSource;
  #value: Promise<string> | undefined;

  constructor(source: SecretSource) {
    this.#source = source;
  }

  /**
   * The secret itself.
   *
   * @throws {Error} when its file or command can't be read, saying which; never quoting the secret.
   */
  reveal(): Promise<string> {
    this.#value ??= this.#read().catch((error: unknown) => {
      this.#value = undefined;
      throw error;
    });
    return this.#value;
  }

  /** To be called when a service refuses the secret (401, 403): the next `reveal` reads its source again. */
  forget(): void {
    this.#value = undefined;
  }

  /** The same for secrets of one source, and for no others. Nothing of the secret can be learnt from it. */
  fingerprint(): string {
    return createHash('sha256').update(JSON.stringify(this.#source)).digest('hex');
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }

  async #read(): Promise<string> {
    const source = this.#source;
    if (typeof source === 'string') return source;
    if ('file' in source) {
      const text = await readFile(source.file, 'utf8').catch((error: unknown) => {
        throw new Error(`secret file ${source.file} can't be read: ${codeOf(error) ?? messageOf(error)}`);
      });
      return nonEmpty(text, `secret file ${source.file}`);
    }
    const [command = '', ...parameters] = source.command;
    const { stdout } = await run(command, parameters, { timeout: commandTimeoutMs }).catch((error: unknown) => {
      throw new Error(`secret command ${command} failed: ${commandFailureOf(error)}`);
    });
    return nonEmpty(stdout, `secret command ${command}`);
  }
}

/** Says nothing of what the command printed, which may hold the secret. */
const commandFailureOf = (error: unknown): string => {
  const code = codeOf(error);
  if (code !== undefined) return code;
  if (typeof error !== 'object' || error === null) return 'for no known reason';
  if ('killed' in error && error.killed === true) return `not done within ${commandTimeoutMs / 1000} s`;
  return 'code' in error && typeof error.code === 'number' ? `exit code ${error.code}` : 'ended by a signal';
};

const nonEmpty = (text: string, what: string): string => {
  const value = text.trim();
  if (value === '') throw new Error(`${what} gave nothing`);
  return value;
};

/** An option that is a secret: a string (usually `${NAME}`), `{ file: PATH }` or `{ command: [PROGRAM, ...] }`. */
export const secret = () =>
  z
    .union([
      z.string().min(1),
      z.strictObject({ file: z.string().min(1) }),
      z.strictObject({ command: z.array(z.string()).min(1) }),
    ])
    .transform((source) => new Secret(source))
    .meta({ secret: true });
