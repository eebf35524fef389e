import { adapters } from '#adapters';
import { loadCases } from '../../src/config-tests/load-cases.ts';
import { renderResults } from '../../src/config-tests/report.ts';
import { runCases, type CaseResult } from '../../src/config-tests/run-cases.ts';
import { findTestFiles } from '../../src/config-tests/test-files.ts';
import { loadConfig } from '../../src/config/load.ts';
import { renderFindings } from '../../src/config/render-findings.ts';
import { sourceOptions } from '../../src/sources/index.ts';
import { writeConfigFiles } from './config-files.ts';

/** What came of a folder's cases. */
export interface ConfigTestOutcome {
  readonly results: readonly CaseResult[];
  /** As `sluice test` prints them. */
  readonly report: string;
  readonly findings: string;
}

/** Runs the cases beside the configuration of a folder, or those named, with an environment that holds nothing. */
export const runConfigTests = async (folder: string, named: readonly string[] = []): Promise<ConfigTestOutcome> => {
  const { config, findings } = await loadConfig([folder], { adapters, sources: sourceOptions, environment: {} });
  if (config === undefined) throw new Error(renderFindings(findings));
  const found = await findTestFiles(named, [folder]);
  const loaded = await loadCases(found.files, config);
  const results = runCases(loaded.cases, config);
  const wrong = [...found.findings, ...loaded.findings];
  return { results, report: renderResults(results, false), findings: renderFindings(wrong) };
};

/** The same for a configuration and one file of cases, `a.test.yaml`. */
export const runTestFile = async (configuration: string, cases: string): Promise<ConfigTestOutcome> => {
  await using folder = await writeConfigFiles({ 'sluice.yaml': configuration, 'tests/a.test.yaml': cases });
  const outcome = await runConfigTests(folder.path);
  const withoutFolder = (text: string): string => text.replaceAll(`${folder.path}/tests/`, '');
  return { ...outcome, report: withoutFolder(outcome.report), findings: withoutFolder(outcome.findings) };
};
