import { resolve } from 'node:path';
import type { AdapterManifest } from '#sdk';
import { ControlClient, UnknownAnswerError } from '../admin/control-client.ts';
import { controlProtocol, controlRoutes, type AgentIdentity } from '../admin/control-routes.ts';
import { controlSocketsFor, serviceSocket } from '../admin/control-socket.ts';
import { RequestError } from '../admin/request-error.ts';
import { loadConfig } from '../config/load.ts';
import { codeOf, messageOf } from '../platform/error.ts';
import { printable } from '../platform/printable.ts';
import { fitsSocketAddress } from '../platform/socket-file.ts';
import { sourceOptions } from '../sources/index.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Which agent is meant. */
export interface AgentChoice {
  /** Its configuration files; none: the default place. */
  readonly files: readonly string[];
  /** Its control socket, when named; the configuration is not read then. */
  readonly socket: string | undefined;
}

/** A running agent and who it is. */
export interface FoundAgent {
  readonly client: ControlClient;
  readonly identity: AgentIdentity;
  readonly socket: string;
}

/** A running agent can't be asked; the message says why and what to do. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: ExitCode;
  /** True when there is certainly none. */
  readonly isNoneRunning: boolean;

  constructor(code: ExitCode, message: string, isNoneRunning = false) {
    super(message);
    this.code = code;
    this.isNoneRunning = isNoneRunning;
  }
}

/** Where a configuration puts its agent. */
interface Whereabouts {
  readonly sockets: readonly string[];
  /** Undefined when the configuration can't be read. */
  readonly stateDirectory: string | undefined;
}

const unusable = (files: readonly string[]): AgentError =>
  new AgentError(
    exitCode.configuration,
    `${files.join(', ')} can't be used to find the agent ("sluice validate" says why); name its socket with --socket PATH`,
  );

const locate = async (
  { files, socket }: AgentChoice,
  adapters: readonly AdapterManifest[],
  { environment }: Terminal,
): Promise<Whereabouts> => {
  if (socket !== undefined) return { sockets: [socket], stateDirectory: undefined };
  const { config } = await loadConfig(files, { adapters, sources: sourceOptions, environment });
  if (config === undefined && files.length > 0) throw unusable(files);
  // The service's may be unreadable for this user, or be edited at the moment: the agent runs on with what it was given.
  if (config === undefined) return { sockets: [serviceSocket], stateDirectory: undefined };
  const { state: stateDirectory, admin } = config;
  return { sockets: controlSocketsFor({ socket: admin.socket, stateDirectory, environment }), stateDirectory };
};

/** The state directory of a configuration; undefined when it can't be read. */
export const stateDirectoryOf = async (
  choice: AgentChoice,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<string | undefined> => (await locate(choice, adapters, terminal)).stateDirectory;

const checkProtocol = ({ protocol, version: agentVersion, pid }: AgentIdentity): void => {
  if (protocol === controlProtocol) return;
  throw new AgentError(
    exitCode.unavailable,
    `the agent (sluice ${agentVersion}, pid ${pid}) speaks another protocol than this sluice ${version}; ` +
      'use the version that it was started from, or restart it',
  );
};

/** At the service's place there may be an agent of another configuration. */
const isMeant = ({ state }: AgentIdentity, socket: string, { stateDirectory }: Whereabouts): boolean =>
  socket !== serviceSocket || stateDirectory === undefined || resolve(stateDirectory) === state;

const noRight = (socket: string): AgentError =>
  new AgentError(
    exitCode.permission,
    `no right to ask the agent (${socket}); join group sluice (sudo usermod -aG sluice "$USER") and log in again`,
  );

const noneRuns = ({ sockets, stateDirectory }: Whereabouts): AgentError =>
  new AgentError(
    exitCode.unavailable,
    `no agent runs with this configuration: nobody answers on ${sockets.join(' or ')}` +
      (stateDirectory === undefined ? '; name another with -c FILE or --socket PATH' : ` (state: ${stateDirectory})`),
    true,
  );

const isAbsent = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET'].includes(codeOf(error) ?? '');
const isForbidden = (error: unknown): boolean => ['EACCES', 'EPERM'].includes(codeOf(error) ?? '');

/**
 * What went wrong between us and an agent, for people.
 *
 * @throws {unknown} what has nothing to do with it.
 */
export const describeAgentFailure = (error: unknown): AgentError => {
  if (error instanceof AgentError) return error;
  if (error instanceof RequestError) return new AgentError(exitCode.general, error.message);
  if (error instanceof UnknownAnswerError) return new AgentError(exitCode.unavailable, error.message);
  if (isAbsent(error)) return new AgentError(exitCode.unavailable, 'the agent is gone');
  if (error instanceof Error && error.name === 'TimeoutError')
    return new AgentError(exitCode.unavailable, 'the agent does not answer');
  if (codeOf(error) === undefined) throw error;
  return new AgentError(exitCode.unavailable, `the agent can't be asked: ${messageOf(error)}`);
};

/**
 * Finds the running agent of a configuration.
 *
 * @throws {AgentError} when there is none, or it can't be asked.
 */
export const findAgent = async (
  choice: AgentChoice,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<FoundAgent> => {
  const whereabouts = await locate(choice, adapters, terminal);
  const tooLong = whereabouts.sockets.find((socket) => !fitsSocketAddress(socket));
  if (tooLong !== undefined) throw new AgentError(exitCode.usage, `${tooLong} is too long a path for a socket`);
  let forbidden: string | undefined;
  for (const socket of whereabouts.sockets) {
    const client = new ControlClient(socket);
    try {
      const identity = await client.ask(controlRoutes.agent, {});
      checkProtocol(identity);
      if (isMeant(identity, socket, whereabouts)) return { client, identity, socket };
    } catch (error) {
      if (isForbidden(error)) forbidden = socket;
      else if (!isAbsent(error)) throw describeAgentFailure(error);
    }
  }
  throw forbidden === undefined ? noneRuns(whereabouts) : noRight(forbidden);
};

/** Runs a command; what goes wrong between it and the agent is said, and is the exit code. */
export const sayingFailures = async (terminal: Terminal, run: () => Promise<ExitCode>): Promise<ExitCode> => {
  try {
    return await run();
  } catch (error) {
    const { code, message } = describeAgentFailure(error);
    terminal.err(`sluice: ${printable(message)}\n`);
    return code;
  }
};

/** Lets a command ask the running agent. */
export const askAgent = async (
  choice: AgentChoice,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
  ask: (agent: FoundAgent) => Promise<ExitCode>,
): Promise<ExitCode> =>
  await sayingFailures(terminal, async () => await ask(await findAgent(choice, adapters, terminal)));
