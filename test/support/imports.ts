import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The `imports` of package.json. */
const aliases: Readonly<Record<string, string>> = {
  '#sdk': 'src/sdk/index.ts',
  '#adapters': 'adapters/index.ts',
};

const importForms = [/^(?:import|export)\b[^;'"]*\bfrom '([^']+)'/gm, /^import '([^']+)'/gm, /\bimport\(\s*'([^']+)'/g];

/** What a module's text imports, types and dynamic imports included. */
export const importsIn = (text: string): readonly string[] =>
  importForms.flatMap((form) => Array.from(text.matchAll(form), ([, specifier = '']) => specifier));

/** A specifier as a path from the project's root; packages and Node's own modules stay as they are. */
const resolve = (specifier: string, file: string): string => {
  if (specifier.startsWith('.')) return normalize(join(dirname(file), specifier));
  return aliases[specifier] ?? specifier;
};

/** What each file imports, by path from the project's root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** The modules of the product, without tests. */
export const readImportGraph = (): ImportGraph => {
  const files = globSync('{src,adapters}/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
  return new Map(
    files.toSorted().map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      return [file, importsIn(text).map((specifier) => resolve(specifier, file))];
    }),
  );
};

/** The files that only pass on what others export, in part or whole. */
export const readReexporters = (graph: ImportGraph): readonly string[] =>
  [...graph.keys()].filter((file) => /^export\b[^;'"]*\bfrom '/m.test(readFileSync(join(root, file), 'utf8')));
