import { setTimeout as delay } from 'node:timers/promises';
import { requireComponents } from '../support/components.ts';
import { ClockJournal } from './clock-journal.ts';
import { moods } from './mood.ts';
import { scenarioIn } from './scenario.ts';
import { startCloudwatch, startLogdna, startLoggly } from './services.ts';

const hourMs = 3_600_000;
const stepsMs = [-48 * hourMs, -hourMs, -5000, -1, 1, 5000, hourMs, 3 * hourMs, 30 * hourMs];

const describeClock = requireComponents('journalctl', 'systemd-journal-remote');

describeClock('a clock that is set back and forth', () => {
  scenarioIn(
    () => ClockJournal.start(),
    'loses and repeats nothing, whatever the services do and whenever the agent is killed',
    async (rig) => {
      const services = [
        await startCloudwatch(rig.random),
        await startLoggly(rig.random),
        await startLogdna(rig.random),
      ];
      await rig.shipTo(...services);
      rig.startAgent();
      for (let step = 0; step < 8; step += 1) {
        for (const service of services) {
          service.setMood(rig.random() < 0.6 ? 'sound' : (moods[rig.between(0, moods.length)] ?? 'sound'));
        }
        await rig.write(rig.between(20, 150));
        rig.journal.step(stepsMs[rig.between(0, stepsMs.length)] ?? 0);
        if (rig.random() < 0.3) rig.journal.reboot();
        await rig.write(rig.between(1, 150));
        await delay(rig.between(0, 800));
        if (rig.random() < 0.6) continue;
        await rig.kill();
        rig.startAgent();
      }
      return undefined;
    },
    // When a line's end comes too late by the clock, it is a line of its own; requests are sorted by time.
    { mayBeCut: false, isSorted: true },
  );
});
