// Makes dist/ anew: every source is compiled, and then the programs are put together with all that they import, since Node
// takes longer to find 1,500 modules than to run them. Types are not looked at here: `npm run check` does that.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { transformFile } from '@swc/core';
import { build } from 'esbuild';
import { buildWeb } from './build-web.mjs';

/** As old as the last build. */
export const BUILT = 'dist/.built';

const SOURCES = ['apps', 'features', 'libs', 'bench', 'grafana', 'models/training', 'test/fixtures'];
/** What is started as a process or a thread of its own. */
const PROGRAMS = [
  'apps/station/main',
  'apps/station/cli/main',
  'apps/station/demo/main',
  'apps/station/api-main',
  'apps/agent/main',
  'apps/agent/folder/crops/cut-program',
  'apps/simulator/main',
  'libs/classifier/pool/child',
  'libs/database/engines/scan-thread',
  'libs/store/disk/disk-program',
];
/** What several programs have in common. */
const SHARED = 'dist/shared';
/** They look for files beside themselves; and reflect-metadata has to be there before any other module runs. */
const OUTSIDE = [
  '@node-rs/argon2',
  '@photostructure/sqlite',
  '@zxcvbn-ts/core',
  '@zxcvbn-ts/language-common',
  'koffi',
  'onnxruntime-node',
  'pino',
  'pino-pretty',
  'reflect-metadata',
  'sharp',
  'swagger-ui-dist',
];

/** Nest and others import what may not be installed, and do without it. */
const leaveMissing = {
  name: 'leave-missing',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData?.isAsked || from.kind === 'entry-point') return undefined;
      const found = await build.resolve(path, { ...from, pluginData: { isAsked: true } });
      return found.errors.length ? { path, external: true } : found;
    });
  },
};

/** A program for Node with all that it imports. */
export const FOR_NODE = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  plugins: [leaveMissing],
  // Packages of the older kind call `require`.
  banner: {
    js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
  },
};

/** For browsers: bundled by build-web.mjs. */
const WEB = join('apps', 'web');

const isTest = (path) => path.endsWith('.spec.ts') || /(^|[\\/])spec-[^\\/]+$/.test(path);

export const sources = () =>
  SOURCES.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !isTest(path))
      .map((path) => join(folder, path))
      .filter((path) => !path.startsWith(WEB)),
  );

export async function compile() {
  // First of all: what is broken off here must not be taken for a build.
  rmSync(BUILT, { force: true });
  rmSync(SHARED, { recursive: true, force: true });
  await Promise.all(
    sources().map(async (source) => {
      const { code } = await transformFile(source);
      const target = join('dist', source.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }),
  );
  await Promise.all([putTogether(), buildWeb()]);
  writeFileSync(BUILT, '');
}

/** Each program takes the place of its first module. */
async function putTogether() {
  await build({
    entryPoints: PROGRAMS.map((program) => join('dist', `${program}.js`)),
    outdir: 'dist',
    outbase: 'dist',
    chunkNames: `${relative('dist', SHARED)}/[name]-[hash]`,
    allowOverwrite: true,
    ...FOR_NODE,
    splitting: true,
    sourcemap: true,
    sourcesContent: false,
    external: OUTSIDE,
    plugins: [...FOR_NODE.plugins, keepPlaces],
    banner: {
      js: [
        FOR_NODE.banner.js,
        `const distUrl = import.meta.url.slice(0, import.meta.url.lastIndexOf('/dist/') + '/dist/'.length);`,
      ].join(' '),
    },
    logLevel: 'error',
  });
}

/** A module that looks for a file beside itself finds it where it did before. */
const keepPlaces = {
  name: 'keep-places',
  setup(build) {
    const dist = resolve('dist');
    build.onLoad({ filter: /\.js$/ }, ({ path }) => {
      if (!path.startsWith(dist)) return undefined;
      const code = readFileSync(path, 'utf8');
      if (!code.includes('import.meta.url')) return undefined;
      const place = `new URL(${JSON.stringify(relative(dist, path))}, distUrl).href`;
      return { contents: code.replaceAll('import.meta.url', place), loader: 'js' };
    });
  },
};
