import { expect, test } from '@jest/globals';
import { requireComponents } from '../support/components.ts';
import { type Reader, readers } from '../support/readers.ts';
import type { ChaosJournal } from './chaos-journal.ts';
import { type Findings, nothingWrong } from './findings.ts';
import { LiveJournal } from './live-journal.ts';
import { ChaosRig, type RigOptions, type Verdict } from './rig.ts';

const setting = (name: string, fallback: number): number => Number(process.env[name] ?? fallback);

/** How often each scenario runs with each reader, each time with the next seed. */
const runs = setting('SLUICE_CHAOS_RUNS', 1);
const firstSeed = setting('SLUICE_CHAOS_SEED', Date.now() % 1_000_000);
const timeoutMs = 300_000;

/** A suite of scenarios. */
export const describeChaos = requireComponents('journalctl', 'systemd-journald', 'root', 'unshare');

/** What a scenario is to leave behind, by service, where that is not {@link nothingWrong}. */
type Expected = Readonly<Record<string, Partial<Findings>>>;

type Settings<Journal extends ChaosJournal> = Omit<RigOptions<Journal>, 'seed' | 'journal' | 'reader'>;

/** Plays on a rig; an agent runs when it resolves. */
type Play<Journal extends ChaosJournal> = (rig: ChaosRig<Journal>) => Promise<Expected | undefined>;

/** What is to be found of a service: that nothing is wrong but what the scenario expects. */
const expectedOf = ({ findings }: Verdict, expected: Expected | undefined): Verdict => ({
  findings: Object.fromEntries(
    Object.keys(findings).map((service) => [service, { ...nothingWrong, ...expected?.[service] }]),
  ),
  exit: { code: 0, signal: null },
});

/**
 * A scenario, as a test for each seed and reader. What is random follows from the seed; when which process runs does not, so that a
 * seed gives a similar run, not the same.
 */
export const scenarioIn = <Journal extends ChaosJournal>(
  createJournal: () => Promise<Journal>,
  name: string,
  play: Play<Journal>,
  settings: Settings<Journal> = {},
): void => {
  const playWith = async (seed: number, reader: Reader): Promise<Record<'found' | 'expected', Verdict>> => {
    const rig = await ChaosRig.create({ ...settings, seed, reader, journal: await createJournal() });
    try {
      const expected = await play(rig);
      const found = await rig.verdict();
      return { found, expected: expectedOf(found, expected) };
    } finally {
      await rig.stop();
    }
  };
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    for (const reader of readers) {
      test(
        `${name} (SLUICE_CHAOS_SEED=${seed} SLUICE_READER=${reader})`,
        async () => {
          const { found, expected } = await playWith(seed, reader);
          expect(found).toEqual(expected);
        },
        timeoutMs,
      );
    }
  }
};

/** A scenario on a live journal. */
export const scenario = (name: string, play: Play<LiveJournal>, settings: Settings<LiveJournal> = {}): void =>
  scenarioIn(() => LiveJournal.start(), name, play, settings);
