// Imports go down only: apps → features → libs → libs/domain. What a feature or a lib offers stands in its index.ts.
const TEST = '(\\.spec|/spec-[^/]+)\\.ts$';
const FEATURE = '^features/(compat/[^/]+|[^/]+)/';

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-imports-nothing',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: TEST },
      to: { pathNot: '^libs/domain/' },
    },
    {
      name: 'libs-know-no-feature-and-no-program',
      severity: 'error',
      from: { path: '^libs/', pathNot: TEST },
      to: { path: '^(apps|features)/' },
    },
    {
      name: 'a-lib-imports-only-the-libs-below-it',
      comment: 'domain and protocol are the language; the others are tools without a neighbour behind them',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: TEST },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/(domain|protocol|async|data-dir|jobs|text)/'] },
    },
    {
      name: 'features-know-no-program',
      severity: 'error',
      from: { path: '^features/', pathNot: TEST },
      to: { path: '^apps/' },
    },
    {
      name: 'a-lib-has-one-face',
      severity: 'error',
      from: { path: '^(apps|features|libs)/([^/]+)/', pathNot: TEST },
      to: { path: '^libs/([^/]+)/', pathNot: ['^$1/$2/', '^libs/[^/]+/index\\.ts$'], dynamic: false },
    },
    {
      name: 'a-feature-has-one-face',
      severity: 'error',
      from: { path: FEATURE, pathNot: TEST },
      to: { path: '^features/', pathNot: ['^features/$1/', '^features/(compat/)?[^/]+/index\\.ts$'] },
    },
    {
      name: 'programs-use-the-face-of-a-feature',
      comment: 'a command may load the one file that it needs, so that it starts at once',
      severity: 'error',
      from: { path: '^apps/', pathNot: TEST },
      to: { path: '^features/', pathNot: '^features/(compat/)?[^/]+/index\\.ts$', dynamic: false },
    },
    {
      name: 'programs-stand-alone',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: TEST },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'nest-in-features-apps-and-the-transport',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/mqtt/nest/' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'no-dev-dependency-in-production',
      severity: 'error',
      from: { path: '^(apps|features|libs)/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'dependencies-are-declared',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
