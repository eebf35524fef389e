import { createInterface } from 'node:readline/promises';

/** True when somebody can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** Asks on the terminal; anything but yes is no. */
export const confirm = async (question: string): Promise<boolean> => {
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await dialogue.question(`${question} [y/N] `)).trim());
  } finally {
    dialogue.close();
  }
};
