import { rename } from 'node:fs/promises';
import type { CheckpointStore } from '../checkpoint/store.ts';
import { letterPlace } from '../dead-letters/read-letters.ts';
import { historyPath } from '../ledger/history-store.ts';
import { codeOf } from '../platform/error.ts';

const moveIfThere = async (from: string, to: string): Promise<void> => {
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
};

/**
 * Gives what is kept under a destination's former name to its present one: checkpoint, history, dead letters.
 *
 * @returns false when nothing is kept under the former name, or something under the present one.
 */
export const renameDestination = async (
  store: CheckpointStore,
  state: string,
  from: string,
  to: string,
): Promise<boolean> => {
  if (!(await store.hand(from, to))) return false;
  await moveIfThere(historyPath(state, from), historyPath(state, to));
  await moveIfThere(letterPlace(state, from).directory, letterPlace(state, to).directory);
  return true;
};
