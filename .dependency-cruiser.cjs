// Three floors, imports go down only: apps → libs → libs/domain.
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-imports-nothing',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/domain/' },
    },
    {
      name: 'a-lib-imports-only-domain-protocol-jobs-and-async',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^(libs|apps)/', pathNot: ['^libs/$1/', '^libs/(domain|protocol|jobs|async)/'] },
    },
    {
      name: 'a-lib-has-one-face',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/', pathNot: ['^$1/$2/', '^libs/[^/]+/index\\.ts$'] },
    },
    {
      name: 'only-station-composes-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/station/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'nest-only-in-apps-and-the-transport',
      severity: 'error',
      from: { path: '^libs/', pathNot: '^libs/mqtt/transport(\\.spec)?\\.ts$' },
      to: { path: 'node_modules/@nestjs/' },
    },
    {
      name: 'no-dev-dependency-in-production',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '(\\.spec|/spec-[^/]+)\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
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
