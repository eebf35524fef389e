import type { AdapterManifest } from '#sdk';
import { configJsonSchema } from '../config/json-schema.ts';
import { renderReference } from '../config/reference.ts';
import { sourceOptions } from '../sources/index.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** `sluice schema`: the configuration described for editors (JSON Schema) or for people (Markdown). */
export const schema = (
  format: 'json' | 'markdown',
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): ExitCode => {
  const text =
    format === 'markdown'
      ? renderReference(adapters, sourceOptions)
      : JSON.stringify(configJsonSchema(adapters, sourceOptions), undefined, 2);
  terminal.out(`${text}\n`);
  return exitCode.ok;
};
