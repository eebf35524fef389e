import { describeChaos, scenario } from './scenario.ts';
import { type KillStep, killSteps } from './kill-step.ts';
import type { ChaosRig } from './rig.ts';
import { startCloudwatch, startLogdna, startLoggly } from './services.ts';

/** How often a step is reached at most before it is the last: low enough to be reached within a second or two. */
const mostReached: Readonly<Record<KillStep, number>> = {
  'reading a record': 200,
  'holding a piece of a line': 20,
  'taking an item': 600,
  'a request is written': 30,
  'an answer is there': 30,
  'settling a record': 600,
  'saving a checkpoint': 7,
  'a checkpoint is half written': 7,
  'a checkpoint is not synced': 7,
  'a checkpoint is not renamed': 7,
  'a checkpoint is renamed': 7,
};

/** Kills at every step, in any order: each start begins with what the kill before it left. */
const shuffled = (rig: ChaosRig): readonly KillStep[] =>
  killSteps
    .map((step) => ({ step, place: rig.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ step }) => step);

describeChaos('an agent that is killed at every step of its work', () => {
  scenario('delivers every line, and repeats no more than each kill cut off', async (rig) => {
    await rig.shipTo(await startCloudwatch(rig.random), await startLoggly(rig.random), await startLogdna(rig.random));
    for (const step of shuffled(rig)) {
      const count = rig.between(1, mostReached[step] + 1);
      await rig.write(rig.between(0, 100));
      await rig.dieAt(step, count);
    }
    rig.startAgent();
    return undefined;
  });
});
