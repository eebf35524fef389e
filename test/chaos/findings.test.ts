import { describe, expect, test } from '@jest/globals';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import { some } from '../support/some.ts';
import { findingsOf, nothingWrong } from './findings.ts';
import { type ChaosLine, chaosLine } from './line.ts';
import type { ChaosService, FiledArrival } from './services.ts';

const seed = 1;
const lines = Array.from({ length: 40 }, (_, number) => chaosLine(number, seed, true));

const arrivalOf = ({ number, service, text }: ChaosLine): FiledArrival => ({
  id: `id-${number}`,
  lineId: `id-${number}`,
  part: undefined,
  message: text,
  raw: undefined,
  service,
});

const sound = lines.map(arrivalOf);

const deliveredTo = (service: string): number =>
  lines.filter((line) => line.service === service).reduce((sum, { pieces }) => sum + pieces, 0);

const ledger: Checkpoint['services'] = [...new Set(lines.map(({ service }) => service))].map((service) => ({
  service,
  read: deliveredTo(service),
  settled: { delivered: deliveredTo(service) },
  lost: {},
  announced: {},
}));

const checkpointOf = (services: Checkpoint['services']): Checkpoint => ({
  destination: 'd',
  cursors: {},
  keyedBy: '',
  parked: [],
  skips: [],
  services,
});

/** What is found of a service that took `arrivals`, when its ledger says `services`. */
const find = (arrivals: readonly FiledArrival[], services: Checkpoint['services'] = ledger) => {
  const service: ChaosService = {
    name: 'd',
    arrivals: () => arrivals,
    taken: () => arrivals.length,
    unanswered: () => 0,
    askedAgain: new Set(),
    setMood: () => undefined,
    destination: '',
    close: () => Promise.resolve(),
  };
  const expected = { lines, excused: new Set<number>(), mayRepeat: 0, unbooked: new Set<string>(), isSorted: false };
  return findingsOf(service, checkpointOf(services), expected);
};

/** The ledger with other counts of the first line's service. */
const changed = (counts: Partial<Checkpoint['services'][number]>): Checkpoint['services'] => {
  const { service } = some(lines[0]);
  const own = some(ledger.find((one) => one.service === service));
  return [...ledger.filter((one) => one !== own), { ...own, ...counts }];
};

describe('the independent account', () => {
  test('finds nothing wrong where all is right', () => {
    expect(find(sound)).toEqual(nothingWrong);
  });

  test('finds a line that is missing, and that the ledger says it was delivered', () => {
    const found = find(sound.slice(1));
    expect(found.missing).toEqual([0]);
    expect(found.unequal).toHaveLength(1);
  });

  test('finds a repetition that nothing explains', () => {
    expect(find([...sound, ...sound.slice(0, 1)])).toEqual({ ...nothingWrong, repeatedTooOften: 1 });
  });

  test('finds a line that came under two ids', () => {
    const again = { ...some(sound[0]), id: 'another' };
    expect(find([...sound, again]).altered).toEqual([0]);
  });

  test('finds lines of a stream out of order', () => {
    expect(find(sound.toReversed()).disordered.length).toBeGreaterThan(0);
  });

  test('finds another text, and another service', () => {
    const [line, ...others] = sound;
    expect(find([{ ...some(line), message: 'other' }, ...others]).missing).toEqual([0]);
    expect(find([{ ...some(line), message: `${line?.message} more` }, ...others]).altered).toEqual([0]);
    expect(find([{ ...some(line), service: 'other' }, ...others]).altered).toEqual([0]);
  });

  test('finds a line that the ledger has read and not settled', () => {
    expect(find(sound, changed({ read: 1000 })).unexplained).toHaveLength(1);
  });

  test('finds what the ledger says was lost before', () => {
    expect(find(sound, changed({ lost: { 'journal gap': 3 } })).lost).toEqual({ 'journal gap': 3 });
  });

  test("takes the agent's own notices for nobody's lines", () => {
    const notice = { ...some(sound[0]), id: 'n1', message: 'sluice: dropped 2 messages' };
    expect(find([...sound, notice, notice])).toEqual(nothingWrong);
  });

  test('finds what the ledger says was dropped', () => {
    expect(find(sound, changed({ settled: { sampled: 2 } })).dropped).toEqual({ sampled: 2 });
  });
});
