import { expect } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { renderFindings } from '../../src/config/render-findings.ts';
import { writeConfigFiles } from './config-files.ts';
import { testVocabulary } from './config-vocabulary.ts';

/** What `validate` prints of one file that must not run. */
export const findingsOf = async (text: string): Promise<string> => {
  await using folder = await writeConfigFiles({ 'sluice.yaml': text });
  const context = { ...testVocabulary, environment: { PRIVATE: 'classified' } };
  const { config, findings } = await loadConfig([`${folder.path}/sluice.yaml`], context);
  expect(config).toBeUndefined();
  return renderFindings(findings).replaceAll(`${folder.path}/`, '');
};
