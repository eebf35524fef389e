import { describe, expect, test } from '@jest/globals';
import { type ImportGraph, importsIn, readImportGraph, readReexporters } from './support/imports.ts';

/** The house, from the ground up: a room imports from floors below it, never from its own floor or above. */
const floors: readonly (readonly string[])[] = [
  // 1: the vocabulary; the operating system
  ['src/event', 'src/platform'],
  // 2: contracts; steps that depend on input and given time alone
  ['src/sdk', 'src/normalize', 'src/policy'],
  // 3: what has state, files or network
  [
    'src/sources',
    'src/delivery',
    'src/checkpoint',
    'src/ledger',
    'src/dead-letters',
    'src/telemetry',
    'src/config',
    'adapters',
  ],
  // 4: builds, starts, reloads and drains
  ['src/pipeline'],
  // 5: health, metrics, status; cases that a configuration has to pass
  ['src/admin', 'src/config-tests'],
  // 6: one file per command
  ['src/cli'],
  // 7: joins the command line with the list of adapters; nothing else
  ['src/main.ts'],
];

/** Files that pass on what others export: a face to those outside. All else is imported from where it is. */
const isFace = (file: string): boolean =>
  file === 'adapters/index.ts' || file === 'src/sdk/index.ts' || /^src\/sources\/(?:[^/]+\/)?index\.ts$/.test(file);

const isIn = (room: string, file: string): boolean => file === room || file.startsWith(`${room}/`);

const roomOf = (file: string): string | undefined => floors.flat().find((room) => isIn(room, file));

const floorOf = (file: string): number => floors.findIndex((rooms) => rooms.some((room) => isIn(room, file)));

/** A part that stands alone within its room: `adapters/loggly`, `src/sources/journald`. */
const partOf = (file: string): string | undefined => /^(?:adapters|src\/sources)\/[^/]+(?=\/)/.exec(file)?.[0];

const isPackage = (imported: string): boolean => !/^(?:src|adapters|test|deploy|config|\.\.)\//.test(imported);

/** The imports that `isAllowed` refuses, as `importer -> imported`. */
const refused = (graph: ImportGraph, isAllowed: (importer: string, imported: string) => boolean): readonly string[] =>
  Array.from(graph).flatMap(([importer, imports]) =>
    imports.filter((imported) => !isAllowed(importer, imported)).map((imported) => `${importer} -> ${imported}`),
  );

const goesDown = (importer: string, imported: string): boolean =>
  isPackage(imported) || roomOf(importer) === roomOf(imported) || floorOf(imported) < floorOf(importer);

const staysInHouse = (_: string, imported: string): boolean => isPackage(imported) || roomOf(imported) !== undefined;

const keepsPartsApart = (importer: string, imported: string): boolean => {
  const [importing, other] = [partOf(importer), partOf(imported)];
  return importing === undefined || other === undefined || importing === other;
};

const adapterKnowsOnlySdk = (importer: string, imported: string): boolean =>
  !isIn('adapters', importer) || isPackage(imported) || imported === 'src/sdk/index.ts' || isIn('adapters', imported);

const adaptersAreJoinedByMain = (importer: string, imported: string): boolean =>
  !isIn('adapters', imported) || isIn('adapters', importer) || importer === 'src/main.ts';

/** The first import circle, as the files along it; undefined when there is none. */
const findCircle = (graph: ImportGraph): readonly string[] | undefined => {
  const finished = new Set<string>();
  const visit = (file: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (finished.has(file)) return undefined;
    for (const imported of graph.get(file) ?? []) {
      const circle = visit(imported, [...trail, file]);
      if (circle !== undefined) return circle;
    }
    finished.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
};

describe('the house', () => {
  const graph = readImportGraph();

  test('has a room for every file', () => {
    expect([...graph.keys()].filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  test('is imported from top to bottom only, and nothing from outside, as from tests', () => {
    expect(refused(graph, goesDown)).toEqual([]);
    expect(refused(graph, staysInHouse)).toEqual([]);
  });

  test('has no import circles, type imports included', () => {
    expect(findCircle(graph)).toBeUndefined();
  });

  test('lets adapters know nothing but #sdk, their own folder and packages', () => {
    expect(refused(graph, adapterKnowsOnlySdk)).toEqual([]);
    expect(refused(graph, keepsPartsApart)).toEqual([]);
  });

  test('meets its adapters in src/main.ts alone', () => {
    expect(refused(graph, adaptersAreJoinedByMain)).toEqual([]);
  });

  test('passes exports on only where a room, or a source, shows its face', () => {
    expect(readReexporters(graph).filter((file) => !isFace(file))).toEqual([]);
  });
});

describe('the test of the house', () => {
  test('sees every form of import', () => {
    const text = `import a, { type B } from './a.ts';\nimport type {\n  C,\n} from './c.ts';\nexport * from './d.ts';
import './e.ts';\nexport const load = async () => import('./f.ts');\n// taken from './g.ts'`;
    expect(importsIn(text)).toEqual(['./a.ts', './c.ts', './d.ts', './e.ts', './f.ts']);
  });

  test.each([
    ['src/event/event.ts', 'src/policy/policy.ts', goesDown],
    ['src/delivery/lane.ts', 'src/checkpoint/store.ts', goesDown],
    ['src/pipeline/run.ts', 'src/main.ts', goesDown],
    ['src/cli/run.ts', 'test/support/events.ts', staysInHouse],
    ['adapters/loggly/sender.ts', 'src/event/event.ts', adapterKnowsOnlySdk],
    ['adapters/loggly/sender.ts', 'adapters/logdna/sender.ts', keepsPartsApart],
    ['src/sources/files/reader.ts', 'src/sources/journald/reader.ts', keepsPartsApart],
    ['src/cli/run.ts', 'adapters/index.ts', adaptersAreJoinedByMain],
  ])('refuses that %s imports %s', (importer, imported, isAllowed) => {
    expect(refused(new Map([[importer, [imported]]]), isAllowed)).toEqual([`${importer} -> ${imported}`]);
  });

  test('finds a circle', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'zod']],
      ['c', ['d', 'b']],
    ]);
    expect(findCircle(graph)).toEqual(['b', 'c', 'b']);
  });
});
