import { writeFileSync } from 'node:fs';
import files from 'node:fs/promises';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { CheckpointStore } from '../../src/checkpoint/store.ts';
import { Settlement } from '../../src/delivery/settlement.ts';
import { Track } from '../../src/delivery/track.ts';
import { Joiner } from '../../src/normalize/join.ts';
import { Assembler } from '../../src/pipeline/assembler.ts';
import { type KillOrder, type KillStep, killVariable } from './kill-step.ts';

// Loaded before the agent (`node --import`), it wraps public methods and Node's own functions, and kills the process at one
// moment: there are no failpoints in the product.

type Call = (...parameters: unknown[]) => unknown;
type Wrap = (original: Call, self: object, parameters: unknown[]) => unknown;

const order: KillOrder = JSON.parse(process.env[killVariable] ?? '');
let left = order.count;

const reach = (): void => {
  left -= 1;
  if (left !== 0) return;
  writeFileSync(order.note, order.step);
  process.kill(process.pid, 'SIGKILL');
};

const wrap = (owner: object, name: string, wrapped: Wrap): void => {
  const original: Call = Reflect.get(owner, name);
  Reflect.set(owner, name, function replaced(this: object, ...parameters: unknown[]) {
    return wrapped((...all) => Reflect.apply(original, this, all), this, parameters);
  });
};

const before = (owner: object, name: string): void =>
  wrap(owner, name, (original, _, parameters) => {
    reach();
    return original(...parameters);
  });

const isCheckpoint = (path: unknown): boolean => String(path).endsWith('.json.new');

/** Gives the file that a checkpoint is written to into the hands of `change`. */
const onCheckpointFile = (change: (handle: files.FileHandle) => void): void =>
  wrap(files, 'open', async (original, _, parameters) => {
    const handle = (await original(...parameters)) as files.FileHandle;
    if (isCheckpoint(parameters[0])) change(handle);
    return handle;
  });

const onRequest = (event: 'finish' | 'response'): void =>
  wrap(http.ClientRequest.prototype, 'end', (original, self, parameters) => {
    const request = self as http.ClientRequest;
    if (request.method === 'POST') request.prependOnceListener(event, reach);
    return original(...parameters);
  });

const arm: Readonly<Record<KillStep, () => void>> = {
  'reading a record': () => before(Assembler.prototype, 'assemble'),
  'holding a piece of a line': () =>
    wrap(Joiner.prototype, 'accept', (original, _, parameters) => {
      const accepted = original(...parameters) as ReturnType<Joiner['accept']>;
      if (accepted.kind === 'held') reach();
      return accepted;
    }),
  'taking an item': () => before(Track.prototype, 'take'),
  'a request is written': () => onRequest('finish'),
  'an answer is there': () => onRequest('response'),
  'settling a record': () => before(Settlement.prototype, 'settle'),
  'saving a checkpoint': () => before(CheckpointStore.prototype, 'save'),
  'a checkpoint is half written': () =>
    onCheckpointFile((handle) => {
      wrap(handle, 'writeFile', async (original, _, [text]) => {
        await original(String(text).slice(0, String(text).length / 2));
        reach();
        await original(String(text).slice(String(text).length / 2));
      });
    }),
  'a checkpoint is not synced': () => onCheckpointFile((handle) => before(handle, 'sync')),
  'a checkpoint is not renamed': () =>
    wrap(files, 'rename', (original, _, parameters) => {
      if (isCheckpoint(parameters[0])) reach();
      return original(...parameters);
    }),
  'a checkpoint is renamed': () =>
    wrap(files, 'rename', async (original, _, parameters) => {
      await original(...parameters);
      if (isCheckpoint(parameters[0])) reach();
    }),
};

arm[order.step]();
syncBuiltinESMExports();
