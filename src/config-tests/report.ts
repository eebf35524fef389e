import { formatPath } from '../config/config-node.ts';
import { green, paint, red } from '../config/paint.ts';
import { positionOf, type Place } from '../config/place.ts';
import { withoutControls } from '../config/without-controls.ts';
import type { Mismatch } from './compare.ts';
import type { CaseResult } from './run-cases.ts';

const widest = 160;
const contextBefore = 40;

const firstDifference = (one: string, other: string): number => {
  let index = 0;
  while (index < one.length && one[index] === other[index]) index += 1;
  return index;
};

/** A value as JSON; of a long one the stretch that differs from the other. */
const show = (value: unknown, other: unknown): string => {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  const start = Math.max(0, firstDifference(text, JSON.stringify(other) ?? '') - contextBefore);
  if (text.length <= widest) return withoutControls(text);
  const end = start + widest;
  return `${start > 0 ? '...' : ''}${withoutControls(text.slice(start, end))}${end < text.length ? '...' : ''}`;
};

const describePlace = ({ file, start }: Place): string => {
  const { line, column } = positionOf(file, start);
  return `${file.path}:${line}:${column}`;
};

const renderMismatch = ({ path, place, expected, got, notes }: Mismatch, color: boolean): readonly string[] => [
  `        ${withoutControls(`${describePlace(place)}: ${formatPath(path)}`)}`,
  `          expected  ${paint(green, show(expected, got), color)}`,
  `          got       ${paint(red, show(got, expected), color)}`,
  ...notes.map((note) => `                    ${withoutControls(note)}`),
];

const renderCase = ({ testCase, mismatches }: CaseResult, color: boolean): readonly string[] => {
  const name = withoutControls(testCase.name);
  if (mismatches.length === 0) return [`  ${paint(green, 'ok', color)}    ${name}`];
  return [
    `  ${paint(red, 'FAIL', color)}  ${name}`,
    ...mismatches.flatMap((mismatch) => renderMismatch(mismatch, color)),
  ];
};

const hasPassed = ({ mismatches }: CaseResult): boolean => mismatches.length === 0;

const pathOf = ({ testCase }: CaseResult): string => testCase.node.place.file.path;

/** Results for people: a line for each case, what differs below those that fail, and a summary. */
export const renderResults = (results: readonly CaseResult[], color: boolean): string => {
  const byFile = Map.groupBy(results, pathOf);
  const files = Array.from(byFile, ([path, ofFile]) =>
    [withoutControls(path), ...ofFile.flatMap((result) => renderCase(result, color))].join('\n'),
  );
  const passed = results.filter(hasPassed).length;
  const failed = results.length - passed;
  const counts = [`${passed} passed`, ...(failed === 0 ? [] : [paint(red, `${failed} failed`, color)])];
  return `${[...files, counts.join(', ')].join('\n\n')}\n`;
};

const placeForMachines = ({ file, start }: Place) => ({ file: file.path, ...positionOf(file, start) });

/** The same for machines: one JSON object. */
export const resultsAsJson = (results: readonly CaseResult[]): string => {
  const passed = results.filter(hasPassed).length;
  const cases = results.map((result) => ({
    name: result.testCase.name,
    ...placeForMachines(result.testCase.node.place),
    passed: hasPassed(result),
    mismatches: result.mismatches.map(({ path, place, expected, got, notes }) => ({
      path: formatPath(path),
      ...placeForMachines(place),
      expected,
      got: got ?? null,
      notes,
    })),
  }));
  return `${JSON.stringify({ passed, failed: results.length - passed, cases }, undefined, 2)}\n`;
};
