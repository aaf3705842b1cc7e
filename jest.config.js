export default {
  rootDir: '.',
  testEnvironment: '<rootDir>/test/onnx-environment.cjs',
  testSequencer: '<rootDir>/test/run/longest-first.cjs',
  globalSetup: '<rootDir>/test/run/setup.mjs',
  globalTeardown: '<rootDir>/test/run/teardown.mjs',
  testMatch: [
    '<rootDir>/{apps,features,libs,grafana,bench,models}/**/*.spec.ts',
    '<rootDir>/test/**/*.spec.ts',
  ],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testTimeout: 120_000,
  // More than there are cores: tests of the whole service wait half of their time for other processes.
  maxWorkers: 3,
};
