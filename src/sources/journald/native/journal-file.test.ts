import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedJournal } from '../../../../test/support/simulated-journal.ts';
import { FieldNames } from '../field-names.ts';
import { JournalFile } from './journal-file.ts';
import { DamageError, UnsupportedFileError } from './refusal.ts';

let folder: string;
let path: string;
const open = (): JournalFile =>
  JournalFile.open(path, { names: new FieldNames(undefined), maxMessageBytes: 1024 ** 2, onDamage: () => {} });

/** Undefined for a file that is refused; any other error is thrown. */
const openOrRefuse = (): JournalFile | undefined => {
  try {
    return open();
  } catch (error) {
    if (error instanceof DamageError || error instanceof UnsupportedFileError) return undefined;
    throw error;
  }
};

/** The messages of all entries that can be read now. */
const readOn = (file: JournalFile): (string | undefined)[] => {
  const messages: (string | undefined)[] = [];
  file.refresh();
  while (file.peek() !== undefined) messages.push(file.take()?.fields.get('MESSAGE'));
  return messages;
};

const fieldsOf = (number: number) => ({ MESSAGE: `line ${number}`, PRIORITY: '6', SERIAL: String(number % 3) });
const lines = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `line ${from + index}`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulated-'));
  path = join(folder, 'system.journal');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['the first that had files', 208],
  ['187', 224],
  ['189 to 245', 240],
  ['246', 256],
  ['252', 264],
  ['254', 272],
  ['some version to come', 400],
])('a file with the header of systemd %s is read, %i bytes', (_, headerBytes) => {
  const journal = new SimulatedJournal(path, { isCompact: false, headerBytes });
  for (let number = 0; number < 40; number += 1) journal.append(fieldsOf(number));
  const file = open();
  expect(readOn(file)).toEqual(lines(40));
  file.close();
  journal.close();
});

describe.each([[true], [false]])('a file that is written to, compact: %j', (isCompact) => {
  test('shows an entry when it is counted, and nothing of it before', () => {
    const journal = new SimulatedJournal(path, { isCompact });
    const file = open();
    for (let number = 0; number < 40; number += 1) {
      for (const { step, apply } of journal.steps(fieldsOf(number))) {
        apply();
        expect(readOn(file)).toEqual(step === 'count' ? [`line ${number}`] : []);
      }
    }
    file.close();
    journal.close();
  });

  test.each([['item'], ['link']])('waits where the %s comes to be seen after the count', (late) => {
    const journal = new SimulatedJournal(path, { isCompact });
    const file = open();
    const seen: (string | undefined)[] = [];
    for (let number = 0; number < 40; number += 1) {
      const steps = journal.steps(fieldsOf(number));
      for (const { step, apply } of steps) if (step !== late) apply();
      const early = readOn(file);
      expect([0, 1]).toContain(early.length);
      expect(file.isBlocked || early.length === 1).toBe(true);
      for (const { step, apply } of steps) if (step === late) apply();
      seen.push(...early, ...readOn(file));
    }
    expect(seen).toEqual(lines(40));
    expect(file.takeLost()).toBe(0);
    file.close();
    journal.close();
  });

  test('is given up where an entry stays away, which is counted', () => {
    const journal = new SimulatedJournal(path, { isCompact });
    for (let number = 0; number < 3; number += 1) journal.append(fieldsOf(number));
    for (const { step, apply } of journal.steps(fieldsOf(3))) if (step !== 'item') apply();
    const file = open();
    const looks = Array.from({ length: 5 }, () => readOn(file));
    expect(looks.flat()).toEqual(lines(3));
    expect(file.takeLost()).toBe(1);
    file.close();
    journal.close();
  });

  test('has a newest entry, which tells its boot and, where it says so, its machine', () => {
    const journal = new SimulatedJournal(path, { isCompact });
    const file = open();
    expect(file.tail).toBeUndefined();
    journal.append({ ...fieldsOf(0), _MACHINE_ID: 'c'.repeat(32) });
    file.refresh();
    expect(file.tail).toMatchObject({ bootId: 'b'.repeat(32), monotonicUs: 1001, machineId: 'c'.repeat(32) });
    journal.append(fieldsOf(1));
    file.refresh();
    expect(file.tail).toMatchObject({ monotonicUs: 1002, machineId: '0'.repeat(32) });
    readOn(file);
    file.finish();
    expect(file.tail).toMatchObject({ monotonicUs: 1002 });
    expect(file.boots).toMatchObject([{ bootId: 'b'.repeat(32), sequence: 1 }]);
    journal.close();
  });

  test('is found at any place, and read on from there', () => {
    const journal = new SimulatedJournal(path, { isCompact });
    for (let number = 0; number < 100; number += 1) journal.append(fieldsOf(number));
    const file = open();
    for (const number of [0, 1, 50, 99, 100]) {
      const nowhere = { bootId: undefined, monotonicUs: undefined, realtimeUs: undefined };
      file.seek({ ...nowhere, sequenceId: '5'.repeat(32), sequence: number + 1 });
      expect(readOn(file)).toEqual(lines(100 - number, number));
    }
    file.close();
    journal.close();
  });
});

describe('a file of any bytes', () => {
  const entries = 60;

  const write = (isCompact: boolean): Buffer => {
    const journal = new SimulatedJournal(path, { isCompact });
    for (let number = 0; number < entries; number += 1) journal.append(fieldsOf(number));
    journal.archive();
    journal.close();
    return readFileSync(path);
  };

  /** Overwritten words, anywhere, with numbers that may be offsets, sizes, or far beyond. */
  const changes = fc.array(
    fc.record({
      at: fc.nat({ max: 12_000 }),
      value: fc.oneof(
        fc.nat({ max: 12_000 }).map((value) => value - (value % 8)),
        fc.nat({ max: 0xffff_ffff }),
        fc.nat(255),
      ),
      isWord: fc.boolean(),
    }),
    { minLength: 1, maxLength: 20 },
  );

  test.each([[true], [false]])('is read without an error, and to an end, compact: %j', (isCompact) => {
    const sound = write(isCompact);
    fc.assert(
      fc.property(changes, fc.nat({ max: 3 }), (list, cut) => {
        const bytes = Buffer.from(sound);
        for (const { at, value, isWord } of list) {
          const offset = at % (bytes.length - 4);
          if (isWord) bytes.writeUInt32LE(value, offset - (offset % 4));
          else bytes[offset] = value & 255;
        }
        writeFileSync(path, cut === 0 ? bytes.subarray(0, list[0]?.at) : bytes);
        const file = openOrRefuse();
        if (file === undefined) return;
        const messages = readOn(file);
        file.close();
        expect(messages.length + file.takeLost()).toBeLessThanOrEqual(bytes.length);
        expect(messages.length).toBeLessThanOrEqual(entries * 8);
      }),
      { numRuns: 500 },
    );
  });

  test('costs no more than the entries that are damaged', () => {
    const bytes = write(true);
    for (const number of [7, 8, 30])
      bytes.fill(0xff, bytes.indexOf(`MESSAGE=line ${number}`) - 72, bytes.indexOf(`MESSAGE=line ${number}`));
    writeFileSync(path, bytes);
    const file = open();
    const messages = readOn(file).filter((message) => message !== undefined);
    expect(messages).toEqual(lines(entries).filter((_, number) => ![7, 8, 30].includes(number)));
    expect(file.takeLost()).toBe(3);
    file.close();
  });

  test('is refused where its format is not known', () => {
    const bytes = write(true);
    bytes[12] = 1;
    writeFileSync(path, bytes);
    expect(open).toThrow(UnsupportedFileError);
  });

  test.each([
    ['empty', Buffer.alloc(0)],
    ['of other bytes', Buffer.from('garbage'.repeat(100))],
  ])('is refused where it is %s', (_, bytes) => {
    writeFileSync(path, bytes);
    expect(open).toThrow('it is no journal file');
  });
});
