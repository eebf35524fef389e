import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { chmod, cp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Source, SourceMessage, StartPoint } from '#sdk';
import { systemClock } from '../../src/platform/clock.ts';
import { msUntilLoss, type SourceCapacity } from '../../src/sdk/source-capacity.ts';
import { journalFields } from '../../src/pipeline/journal-fields.ts';
import { createJournaldSource, journaldOptions } from '../../src/sources/journald/index.ts';
import { LogNamespace } from '../rigs/journald/log-namespace.ts';
import { type PrivateJournald, startPrivateJournald } from '../rigs/journald/private-journald.ts';
import { requireComponents } from '../support/components.ts';
import { fastClock } from '../support/fast-clock.ts';
import { createMemoryLogger } from '../support/memory-logger.ts';
import { beginning, lossesOf, lostOf, messagesOf, readToHead, readUntil, recordsOf } from '../support/read-records.ts';
import { forEachReader } from '../support/readers.ts';
import { some } from '../support/some.ts';

// Real processes on a busy machine take their time.
jest.setTimeout(30_000);

const describeLive = forEachReader(requireComponents('journalctl', 'systemd-journald', 'root', 'unshare'));
const never = new AbortController().signal;

/** The journalctl processes that this process reads from. */
const followers = async (): Promise<readonly number[]> => {
  const children = await readFile(`/proc/self/task/${process.pid}/children`, 'utf8');
  const commands = await Promise.all(
    children
      .split(' ')
      .filter((pid) => pid !== '')
      .map(async (pid) => {
        const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
        return { pid: Number(pid), isFollower: command.startsWith('journalctl') && command.includes('--follow') };
      }),
  );
  return commands.filter(({ isFollower }) => isFollower).map(({ pid }) => pid);
};

/** Files of a machine's journal that this process has open. */
const openFiles = async (machineId: string): Promise<readonly string[]> => {
  const descriptors = await readdir('/proc/self/fd');
  const paths = await Promise.all(
    descriptors.map(async (descriptor) => await readlink(join('/proc/self/fd', descriptor)).catch(() => '')),
  );
  return paths.filter((path) => path.includes(machineId));
};

const awaitFollower = async (): Promise<number> => {
  for (;;) {
    const [pid] = await followers();
    if (pid !== undefined) return pid;
    await delay(5);
  }
};

const numbered = (count: number, from = 0): readonly string[] =>
  Array.from({ length: count }, (_, index) => `line ${from + index}`);

const testLines = (messages: readonly SourceMessage[]): readonly (string | undefined)[] =>
  messagesOf(recordsOf(messages).filter(({ fields }) => fields.get('SYSLOG_IDENTIFIER') === 'test'));

const hasLine = (messages: readonly SourceMessage[], line: string): boolean =>
  testLines(messages.slice(-1)).includes(line);

/** Runs `task` without the rights of root; threads of the pool and child processes included. */
const asNobody = async <Result>(task: () => Promise<Result>): Promise<Result> => {
  const groups = process.getgroups?.() ?? [];
  process.setgroups?.([]);
  process.setegid?.(65_534);
  process.seteuid?.(65_534);
  try {
    return await task();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(groups);
  }
};

/** Reads until the line `last` came, while `disturb` happens. */
const readWhile = async (source: Source, from: StartPoint, last: string, disturb: () => Promise<void>) => {
  const disturbing = disturb();
  const messages = await readUntil(source, from, (all) => hasLine(all, last));
  await disturbing;
  return messages;
};

describeLive('a live journal', (reader) => {
  let journal: PrivateJournald;
  let log: ReturnType<typeof createMemoryLogger>;

  const createSource = (clock: Clock = systemClock, section: object = {}): Source =>
    createJournaldSource(journaldOptions.parse({ reader, ...section }), {
      clock,
      logger: log.logger,
      fields: journalFields,
      journalctlPath: journal.journalctlPath,
      hostRoot: journal.path('/'),
    });

  const start = async (options: Parameters<typeof startPrivateJournald>[0] = {}): Promise<void> => {
    journal = await startPrivateJournald(options);
  };

  const send = async (lines: readonly string[]): Promise<void> => {
    await journal.send(lines.map((line) => ({ MESSAGE: line, SYSLOG_IDENTIFIER: 'test' })));
  };

  beforeEach(() => {
    log = createMemoryLogger();
  });

  afterEach(async () => {
    await journal.stop();
  });

  test('is read without loss or repetition over rotations, restarts and a kill of journald', async () => {
    await start();
    const disturbances = [
      async () => await journal.rotate(),
      async () => await journal.restart(),
      async () => await journal.rotate(),
      async () => {
        await journal.kill();
        await journal.start();
      },
    ];
    const messages = await readWhile(createSource(), beginning, 'line 4999', async () => {
      for (const [index, disturb] of disturbances.entries()) {
        await send(numbered(1000, index * 1000));
        await journal.sync();
        await disturb();
      }
      await send(numbered(1000, 4000));
    });
    expect(testLines(messages)).toEqual(numbered(5000));
    expect(lostOf(messages)).toBe(0);
  });

  if (reader === 'journalctl') {
    test('is read without loss or repetition while journalctl is killed', async () => {
      await start();
      let killed = 0;
      const messages = await readWhile(createSource(fastClock(10)), beginning, 'line 5000', async () => {
        for (let from = 0; from < 5000; from += 500) {
          await send(numbered(500, from));
          process.kill(await awaitFollower(), 'SIGKILL');
          killed += 1;
        }
        // Reading ends here and not before, when nobody follows any more.
        await send(numbered(1, 5000));
      });
      expect(killed).toBe(10);
      expect(testLines(messages)).toEqual(numbered(5001));
      expect(lostOf(messages)).toBe(0);
    });

    test('is read on when journalctl hangs', async () => {
      await start();
      await send(numbered(1));
      let stopped = false;
      const source = createSource(fastClock(50));
      const messages = await readUntil(source, beginning, (all) => {
        if (hasLine(all, 'line 0') && !stopped) {
          stopped = true;
          void awaitFollower().then(async (pid) => {
            process.kill(pid, 'SIGSTOP');
            await send(numbered(10, 1));
          });
        }
        return hasLine(all, 'line 10');
      });
      expect(testLines(messages)).toEqual(numbered(11));
      expect(log.lines.map(({ message }) => message)).toContain(
        'journalctl said nothing while the journal grew; starting it again',
      );
    });
  }

  test('is not held open by a reader that is not pulled, which then goes on where it was', async () => {
    await start();
    await send(numbered(3000));
    const done = new AbortController();
    const messagesToPull = createSource(fastClock(100)).read(new Map([['', beginning]]), done.signal);
    const reading = messagesToPull[Symbol.asyncIterator]();
    const messages: SourceMessage[] = [];
    const pull = async (): Promise<void> => {
      const next = await reading.next();
      if (next.done !== true) messages.push(next.value);
    };
    await pull();
    while ((await followers()).length > 0 || (await openFiles(journal.machineId)).length > 0) await delay(5);
    while (!hasLine(messages, 'line 2999')) await pull();
    done.abort();
    expect(testLines(messages)).toEqual(numbered(3000));
  });

  test('that was vacuumed before it was read is read from what is left, and the rest is counted', async () => {
    await start();
    await send(numbered(10));
    const source = createSource();
    const records = recordsOf(await readUntil(source, beginning, (all) => hasLine(all, 'line 9')));
    const first = records.find(({ fields }) => fields.get('MESSAGE') === 'line 0');
    for (const from of [10, 1010, 2010]) {
      await send(numbered(1000, from));
      await journal.sync();
      await journal.rotate();
    }
    await journal.vacuum(1);
    await send(['last']);
    const point: StartPoint = { kind: 'after', cursor: first?.position.cursor() ?? '' };
    const messages = await readUntil(source, point, (all) => hasLine(all, 'last'));
    const numbers = recordsOf(messages).map(({ position }) =>
      Number.parseInt(/;i=([0-9a-f]+)/.exec(position.cursor())?.[1] ?? '', 16),
    );
    const firstNumber = Number.parseInt(/;i=([0-9a-f]+)/.exec(first?.position.cursor() ?? '')?.[1] ?? '', 16);
    expect(lostOf(messages)).toBeGreaterThanOrEqual(1000);
    expect(lostOf(messages) + recordsOf(messages).length).toBe((numbers.at(-1) ?? 0) - firstNumber);
    const [told] = recordsOf(messages);
    expect(told?.losses).toEqual(lossesOf(messages));
    expect(lossesOf(await readUntil(source, point, (all) => hasLine(all, 'last')))).toEqual(told?.losses);
    const behind: StartPoint = { kind: 'after', cursor: told?.position.cursor() ?? '' };
    expect(lossesOf(await readUntil(source, behind, (all) => hasLine(all, 'last')))).toEqual([]);
  });

  test('is read over a reboot', async () => {
    await start();
    await send(numbered(10));
    const source = createSource();
    await journal.sync();
    const [first] = await readToHead(source, beginning);
    await journal.reboot();
    await send(numbered(10, 10));
    const point: StartPoint = { kind: 'after', cursor: first?.position.cursor() ?? '' };
    const messages = await readUntil(source, point, (all) => hasLine(all, 'line 19'));
    expect(testLines(messages)).toEqual(numbered(20));
    expect(lostOf(messages)).toBe(0);
    expect(new Set(recordsOf(messages).map(({ fields }) => fields.get('_BOOT_ID'))).size).toBe(2);
  });

  test.each([
    ['fewer', 5],
    ['more', 200],
  ])('that a power loss set back is read on, with %s new entries than were lost', async (_, count) => {
    await start();
    await send(numbered(10));
    await journal.sync();
    const kept = `${journal.directory}-kept`;
    await cp(journal.directory, kept, { recursive: true });
    await send(numbered(100, 10));
    const source = createSource();
    const read = await readUntil(source, beginning, (all) => hasLine(all, 'line 109'));
    await journal.reboot(async () => {
      await rm(join(journal.directory, journal.machineId), { recursive: true });
      await cp(kept, journal.directory, { recursive: true });
      await rm(kept, { recursive: true });
    });
    await send(numbered(count, 1000));
    const point: StartPoint = { kind: 'after', cursor: recordsOf(read).at(-1)?.position.cursor() ?? '' };
    const messages = await readUntil(source, point, (all) => hasLine(all, `line ${1000 + count - 1}`));
    expect(testLines(messages)).toEqual(numbered(count, 1000));
    expect(JSON.stringify(log.lines)).toContain('the journal was set back');
    const { gapDetection } = await source.check(never);
    expect(gapDetection).toMatchObject({ state: 'on', rewound: { count: 1 } });
  });

  test('is read without loss or repetition while it moves between memory and disk', async () => {
    await start();
    const messages = await readWhile(createSource(), beginning, 'line 2999', async () => {
      await send(numbered(1000));
      await journal.sync();
      await journal.exec('journalctl', ['--relinquish-var']);
      await send(numbered(1000, 1000));
      await journal.sync();
      await journal.exec('journalctl', ['--flush']);
      await send(numbered(1000, 2000));
    });
    expect(testLines(messages)).toEqual(numbered(3000));
    expect(lostOf(messages)).toBe(0);
  });

  test('of a namespace is read, and nothing else, over rotations, a kill and its move to disk', async () => {
    await start();
    const namespace = new LogNamespace(journal, 'shop');
    await namespace.start();
    const sendThere = async (lines: readonly string[]): Promise<void> => {
      await namespace.send(lines.map((line) => ({ MESSAGE: line, SYSLOG_IDENTIFIER: 'test' })));
      await namespace.tell('--sync');
    };
    await send(['line of the host']);
    await sendThere(numbered(500));
    const source = createSource(systemClock, { namespace: 'shop' });
    const messages = await readWhile(source, beginning, 'line 2499', async () => {
      await namespace.tell('--flush');
      await sendThere(numbered(500, 500));
      await namespace.tell('--rotate');
      await sendThere(numbered(500, 1000));
      await namespace.tell('--rotate');
      await sendThere(numbered(500, 1500));
      await send(['another line of the host']);
      await namespace.kill();
      await namespace.start();
      await sendThere(numbered(500, 2000));
    });
    const files = await readdir(join(journal.directory, `${journal.machineId}.shop`));
    await namespace.stop();
    expect(files.length).toBeGreaterThan(2);
    expect(testLines(messages)).toEqual(numbered(2500));
    expect(lostOf(messages)).toBe(0);
    expect((await source.check(never)).description).toContain('namespace shop');
  });

  test('of several users is read in order and resumed at any entry', async () => {
    await start();
    for (let index = 0; index < 12; index += 2) {
      await send(numbered(1, index));
      await journal.sync();
      const user = ['--reuid', '1000', '--clear-groups', 'systemd-cat', '-t', 'test', 'echo', `line ${index + 1}`];
      await journal.exec('setpriv', user);
      await journal.sync();
    }
    const source = createSource();
    const all = await readUntil(source, beginning, (messages) => hasLine(messages, 'line 11'));
    expect(testLines(all)).toEqual(numbered(12));
    expect(lostOf(all)).toBe(0);
    const own = recordsOf(all).filter(({ fields }) => fields.get('SYSLOG_IDENTIFIER') === 'test');
    expect(new Set(own.map(({ position }) => position.cursor().slice(0, 34))).size).toBe(2);
    for (const [index, { position }] of own.slice(0, -1).entries()) {
      const rest = await readUntil(source, { kind: 'after', cursor: position.cursor() }, (each) =>
        hasLine(each, 'line 11'),
      );
      expect(testLines(rest)).toEqual(numbered(11 - index, index + 1));
      expect(lostOf(rest)).toBe(0);
    }
  });

  test('kept in memory only is read anew after a reboot, also when the clock was set back', async () => {
    await start({ persistent: false });
    await send(numbered(10));
    const source = createSource();
    const read = await readUntil(source, beginning, (all) => hasLine(all, 'line 9'));
    const cursor =
      recordsOf(read)
        .at(-1)
        ?.position.cursor()
        .replace(/;t=[0-9a-f]+/, ';t=fffffffffffff') ?? '';
    await journal.reboot(
      async () => await rm(journal.path(`/run/log/journal/${journal.machineId}`), { recursive: true }),
    );
    await send(numbered(10, 10));
    const messages = await readUntil(source, { kind: 'after', cursor }, (all) => hasLine(all, 'line 19'));
    expect(testLines(messages)).toEqual(numbered(10, 10));
    expect(lostOf(messages)).toBe(0);
    expect(JSON.stringify(log.lines)).toContain('not the journal that the cursor is from');
  });

  test('gives equal lines that were written in one go ids of their own', async () => {
    await start();
    await journal.exec('sh', ['-c', String.raw`printf 'same\nsame\nsame\nlast\n' | systemd-cat -t test`]);
    const messages = await readUntil(createSource(), beginning, (all) => hasLine(all, 'last'));
    const same = recordsOf(messages).filter(({ fields }) => fields.get('MESSAGE') === 'same');
    expect(new Set(same.map(({ position }) => position.id())).size).toBe(3);
  });

  test('tells of standard output what journald made of it', async () => {
    await start();
    await journal.log(['x'.repeat(50_000), '<3>error', 'last']);
    const records = recordsOf(await readUntil(createSource(), beginning, (all) => hasLine(all, 'last')));
    const own = records.filter(({ fields }) => fields.get('_TRANSPORT') === 'stdout');
    const [first = 0, second = 0, ...others] = own.map(({ fields }) => fields.get('MESSAGE')?.length ?? 0);
    // Where it cuts depends on how the line came.
    expect([first + second, ...others]).toEqual([50_000, 5, 4]);
    expect(own.map(({ fields }) => fields.get('_LINE_BREAK'))).toEqual(['line-max', undefined, undefined, undefined]);
    expect(own[2]?.fields.get('PRIORITY')).toBe('3');
  });

  /** What journald says that it may use at most. */
  const usageSaid = async (): Promise<number> => {
    const usage = ['MESSAGE_ID=ec387f577b844b8fa948f33cad9a75e6', '--output=json', '--lines=1'];
    const { stdout } = await journal.exec('journalctl', usage);
    return Number(JSON.parse(stdout).LIMIT);
  };

  test.each([
    ['on disk', { persistent: true, settings: { SystemMaxUse: '' } }, 128],
    ['on disk, as configured', { persistent: true, settings: { SystemMaxUse: '40M' } }, 5],
    ['in memory, as configured', { persistent: false, settings: { RuntimeMaxUse: '80M' } }, 10],
    ['in memory', { persistent: false, settings: { RuntimeMaxUse: '' } }, 128],
  ])('holds as much %s as journald says', async (_, options, segmentMebibytes) => {
    await start(options);
    const capacity = await createSource().capacity(never);
    expect(capacity).toMatchObject({
      persistent: options.persistent,
      maxBytes: await usageSaid(),
      maxSegmentBytes: segmentMebibytes * 1024 ** 2,
      maxRetentionMs: undefined,
    });
  });

  test('loses a line no sooner than was foretold, and not much later', async () => {
    await start({ settings: { SystemMaxUse: '8M', SystemMaxFileSize: '1M' } });
    await send(['first']);
    await journal.sync();
    const source = createSource(fastClock(1e6));
    const capacities: SourceCapacity[] = [];
    const oldestUs = (): number => capacities.at(-1)?.oldestUs ?? 0;
    do {
      capacities.push(some(await source.capacity(never)));
      await send(Array.from({ length: 500 }, (_, index) => `${capacities.length} ${index} ${'x'.repeat(300)}`));
      await journal.sync();
    } while (oldestUs() === capacities[0]?.oldestUs && capacities.length < 200);
    const firstUs = capacities[0]?.oldestUs ?? 0;
    const bytesLeft = capacities.map((capacity) => (msUntilLoss(capacity, firstUs, 1, 0) ?? 0) / 1000);
    const segmentBytes = 1024 ** 2;
    expect(bytesLeft[0]).toBeGreaterThan(6 * segmentBytes);
    expect(bytesLeft.at(-1)).toBe(0);
    expect(bytesLeft.at(-2)).toBeLessThan(2 * segmentBytes);
    expect(bytesLeft.filter((left) => left < segmentBytes).length).toBeGreaterThan(1);
  });

  test('is not searched for gaps while a part of it is hidden, and says so', async () => {
    await start();
    await send(numbered(10));
    await journal.sync();
    const own = join(journal.directory, journal.machineId);
    await chmod(journal.directory.replace(/\/journal$/, ''), 0o755);
    await cp(join(own, 'system.journal'), join(own, 'user-1000.journal'));
    await chmod(join(own, 'user-1000.journal'), 0o644);
    const source = createJournaldSource(journaldOptions.parse({ directory: own }), {
      clock: systemClock,
      logger: log.logger,
      fields: journalFields,
    });
    const check = await asNobody(async () => await source.check(never));
    expect(check).toMatchObject({
      hidden: { readable: 1, total: 2 },
      gapDetection: { state: 'off', reason: `no right to read ${join(own, 'system.journal')}` },
    });
    expect(await asNobody(async () => await source.capacity(never))).toBeUndefined();
    await chmod(join(own, 'system.journal'), 0o644);
    expect(await asNobody(async () => await source.check(never))).toMatchObject({
      hidden: undefined,
      gapDetection: { state: 'on' },
    });
  });

  if (reader === 'journalctl') {
    test('of which a part is hidden while it is read is not said to have lost that part', async () => {
      await start();
      await send(numbered(10));
      await journal.sync();
      const own = join(journal.directory, journal.machineId);
      const folder = journal.directory.replace(/\/journal$/, '');
      await chmod(folder, 0o755);
      await chmod(join(own, 'system.journal'), 0o644);
      const journalctlPath = join(folder, 'journalctl-hiding');
      const hide = `touch ${own}/user-1000.journal; chmod 600 ${own}/user-1000.journal`;
      await writeFile(
        journalctlPath,
        `#!/bin/sh\n${hide}\njournalctl $(echo "$@" | sed s/--follow//) | awk 'BEGIN { RS = ""; ORS = "\\n\\n" } !/line 5/'`,
      );
      await chmod(journalctlPath, 0o755);
      const source = createJournaldSource(journaldOptions.parse({ directory: own }), {
        clock: fastClock(20),
        logger: log.logger,
        fields: journalFields,
        journalctlPath,
      });
      const messages = await asNobody(async () => await readUntil(source, beginning, (all) => hasLine(all, 'line 9')));
      expect(testLines(messages)).toEqual(numbered(10).filter((line) => line !== 'line 5'));
      expect(lostOf(messages)).toBe(0);
      expect((await source.check(never)).gapDetection).toMatchObject({
        state: 'off',
        reason: expect.stringMatching(/^no right to read .*user-1000\.journal/),
      });
    });
  }

  test('says what of it a user without rights does not see', async () => {
    await start();
    await journal.sync();
    const own = join(journal.directory, journal.machineId);
    await chmod(journal.directory.replace(/\/journal$/, ''), 0o755);
    await cp(join(own, 'system.journal'), join(own, 'user-1000.journal'));
    await chmod(join(own, 'user-1000.journal'), 0o644);
    const source = createJournaldSource(journaldOptions.parse({ directory: own }), {
      clock: systemClock,
      logger: log.logger,
      fields: journalFields,
    });
    const { warnings } = await asNobody(async () => await source.check(never));
    expect(warnings).toEqual([expect.stringMatching(/^you see 1 of 2 journals .*usermod -aG systemd-journal/)]);
    await chmod(join(own, 'user-1000.journal'), 0o600);
    await expect(asNobody(async () => await source.check(never))).rejects.toThrow(/^you see 0 of 2 journals/);
  });
});
