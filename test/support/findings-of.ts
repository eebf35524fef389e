import { expect } from '@jest/globals';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { renderFindings } from '../../src/config/render-findings.ts';
import { writeConfigFiles } from './config-files.ts';
import { testVocabulary } from './config-vocabulary.ts';

/** A budget that any configuration but a tiny one has. */
const leastMemory = ({ destinations }: Config<typeof testVocabulary.sources>): number => 2000 * destinations.length;

/** What `validate` prints of one file that must not run. */
export const findingsOf = async (text: string): Promise<string> => {
  await using folder = await writeConfigFiles({ 'sluice.yaml': text });
  const context = { ...testVocabulary, leastMemory, environment: { PRIVATE: 'classified' } };
  const { config, findings } = await loadConfig([`${folder.path}/sluice.yaml`], context);
  expect(config).toBeUndefined();
  return renderFindings(findings).replaceAll(`${folder.path}/`, '');
};
