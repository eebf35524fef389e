import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Mood } from './mood.ts';
import { describeChaos, scenario } from './scenario.ts';
import { startCloudwatch, startLogdna, startLoggly } from './services.ts';

const deadMoods: readonly Mood[] = ['refusing', 'hanging', 'talking nonsense'];

describeChaos('destinations that come back', () => {
  scenario(
    'from far behind get all of it, and the others had it long before',
    async (rig) => {
      const [sound, dead] = [await startCloudwatch(rig.random), await startLoggly(rig.random)];
      await rig.shipTo(sound, dead);
      dead.setMood(deadMoods[rig.between(0, deadMoods.length)] ?? 'refusing');
      rig.startAgent();
      for (let round = 0; round < 3; round += 1) {
        await rig.write(rig.between(1500, 3000));
        await rig.untilHas(sound, rig.lines);
        if (rig.random() < 0.5) continue;
        await rig.kill();
        rig.startAgent();
      }
      dead.setMood('sound');
      await rig.write(rig.between(100, 1000));
      await delay(rig.between(0, 2000));
      await rig.kill();
      rig.startAgent();
      return undefined;
    },
    { memory: '4MiB' },
  );

  scenario(
    'ten at once get all of it',
    async (rig) => {
      const names = Array.from({ length: 10 }, (_, index) => `loggly-${index}`);
      const services = await Promise.all(names.map((name) => startLoggly(rig.random, name)));
      await rig.shipTo(...services);
      rig.startAgent();
      await rig.write(rig.between(100, 300));
      await delay(rig.between(0, 1000));
      for (const service of services) service.setMood(deadMoods[rig.between(0, deadMoods.length)] ?? 'refusing');
      await rig.write(rig.between(1000, 2000));
      await delay(rig.between(500, 1500));
      if (rig.random() < 0.5) {
        await rig.kill();
        rig.startAgent();
        await rig.write(rig.between(1, 500));
      }
      for (const service of services) service.setMood('sound');
      await rig.write(rig.between(1, 500));
      return undefined;
    },
    { memory: '4MiB' },
  );

  scenario(
    'to an agent whose disk is full and that is killed repeat what could not be saved, and no more',
    async (rig) => {
      const services = [await startCloudwatch(rig.random), await startLogdna(rig.random)];
      await rig.shipTo(...services);
      const { journald } = rig.journal;
      await mkdir(rig.state);
      await journald.exec('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', rig.state]);
      rig.startAgent();
      for (const service of services) await rig.untilHas(service, await rig.write(rig.between(20, 200)));
      for (let round = 0; round < 2; round += 1) {
        // dd ends with an error: that is when the disk is full.
        await journald.exec('sh', ['-c', `dd if=/dev/zero of=${rig.state}/filler bs=4k 2>/dev/null || true`]);
        const lines = await rig.write(rig.between(20, 200));
        for (const service of services) await rig.untilHas(service, lines);
        await rig.agent.says(/checkpoint can't be saved.*ENOSPC/);
        const isKilled = rig.random() < 0.7;
        if (isKilled) await rig.kill();
        await journald.exec('rm', [`${rig.state}/filler`]);
        if (isKilled) rig.startAgent();
      }
      await rig.write(rig.between(1, 50));
      return undefined;
    },
  );
});
