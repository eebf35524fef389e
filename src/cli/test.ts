import type { AdapterManifest } from '#sdk';
import { loadCases } from '../config-tests/load-cases.ts';
import { renderResults, resultsAsJson } from '../config-tests/report.ts';
import { runCases } from '../config-tests/run-cases.ts';
import { findTestFiles } from '../config-tests/test-files.ts';
import { loadConfig } from '../config/load.ts';
import type { Finding } from '../config/finding.ts';
import { renderFindings } from '../config/render-findings.ts';
import { sourceOptions } from '../sources/index.ts';
import type { AgentConfig } from './configuration.ts';
import { exitCode, type ExitCode } from './exit-code.ts';
import { mayColor, type ColorWish, type Terminal } from './terminal.ts';

export interface TestOptions {
  /** Files and folders of test cases; none: `tests` beside the configuration. */
  readonly tests: readonly string[];
  readonly output: 'text' | 'json';
  readonly color: ColorWish;
}

const refuse = (findings: readonly Finding[], color: ColorWish, terminal: Terminal): ExitCode => {
  terminal.err(`${renderFindings(findings, { color: mayColor(color, terminal.color) })}\n`);
  return exitCode.configuration;
};

const runTests = async (config: AgentConfig, files: readonly string[], options: TestOptions, terminal: Terminal) => {
  const found = await findTestFiles(options.tests, files);
  const loaded = await loadCases(found.files, config);
  const findings = [...found.findings, ...loaded.findings];
  if (findings.length > 0) return refuse(findings, options.color, terminal);
  if (loaded.cases.length === 0) {
    terminal.err(`sluice: no test cases; looked for *.test.yaml in ${found.places.join(', ')}\n`);
    return exitCode.general;
  }
  const results = runCases(loaded.cases, config);
  const color = mayColor(options.color, terminal.colorOut);
  terminal.out(options.output === 'json' ? resultsAsJson(results) : renderResults(results, color));
  return results.every(({ mismatches }) => mismatches.length === 0) ? exitCode.ok : exitCode.general;
};

/**
 * `sluice test`: runs cases through what the configuration makes of lines. A destination's secret may be missing, since
 * nothing is sent.
 */
export const test = async (
  files: readonly string[],
  options: TestOptions,
  adapters: readonly AdapterManifest[],
  terminal: Terminal,
): Promise<ExitCode> => {
  const context = { adapters, sources: sourceOptions, environment: terminal.environment };
  const { config, findings } = await loadConfig(files, context);
  if (config !== undefined) return await runTests(config, files, options, terminal);
  const decisive = findings.filter(({ kind }) => kind !== 'missing');
  return refuse(decisive, options.color, terminal);
};
