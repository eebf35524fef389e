import { join } from 'node:path';

/** Where the shipped unit's agent listens: the runtime directory that systemd makes for it. */
export const serviceSocket = '/run/sluice/admin.sock';

const socketName = 'admin.sock';

/** What decides where an agent listens. */
export interface ControlPlace {
  /** As configured; undefined: left to the surroundings. */
  readonly socket: string | undefined;
  readonly stateDirectory: string;
  /** systemd.exec(5): the first of several, separated by colons, is what we are given. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Where an agent listens for commands. */
export const controlSocketOf = ({ socket, stateDirectory, environment }: ControlPlace): string => {
  const [runtimeDirectory = ''] = (environment['RUNTIME_DIRECTORY'] ?? '').split(':');
  return socket ?? join(runtimeDirectory === '' ? stateDirectory : runtimeDirectory, socketName);
};

/** Where an agent of this configuration may listen, as seen from another process: in a shell there is no runtime directory. */
export const controlSocketsFor = (place: ControlPlace): readonly string[] =>
  place.socket === undefined
    ? [...new Set([controlSocketOf(place), join(place.stateDirectory, socketName), serviceSocket])]
    : [place.socket];
