import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{src,adapters,test}/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/strip-types.ts' },
  // No test waits for time to pass; a busy machine may still take long.
  testTimeout: 60_000,
  // A worker keeps modules of the suites that it has run: after some two hundred it was out of memory at 4 GB.
  workerIdleMemoryLimit: '1GB',
  // Jest starts one worker on a two-core machine unless told otherwise.
  maxWorkers: '100%',
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts', 'adapters/**/*.ts', '!**/*.test.ts'],
};

export default config;
