// Bundles the web page: apps/web → dist/web. Names hold a hash of the content, so that browsers may keep the files.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const SOURCE = 'apps/web';
const TARGET = 'dist/web';
/** What is made first, and takes the place of the page in one step. */
const NEW = `${TARGET}.new`;
const SHOWN_TYPES = /\.(css|html|svg|tsx?)$/;

const COMMON = {
  outdir: join(NEW, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  bundle: true,
  target: ['es2022', 'safari16.4', 'firefox115'],
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'error',
  tsconfig: join(SOURCE, 'tsconfig.json'),
};

/** What the page is made of. */
export const webSources = () =>
  readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => SHOWN_TYPES.test(path) && !path.endsWith('.spec.ts'))
    .map((path) => join(SOURCE, path));

export async function buildWeb() {
  rmSync(NEW, { recursive: true, force: true });
  const [page, theme] = await Promise.all([
    build({
      ...COMMON,
      entryPoints: { app: join(SOURCE, 'main.tsx') },
      splitting: true,
      format: 'esm',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    }),
    build({
      ...COMMON,
      entryPoints: { theme: join(SOURCE, 'shell/theme-first.ts'), icon: join(SOURCE, 'icon.svg') },
      // No module: it runs before anything is drawn.
      format: 'iife',
      loader: { '.svg': 'copy' },
    }),
  ]);
  writeFileSync(join(NEW, 'index.html'), pageWith({ ...page.metafile.outputs, ...theme.metafile.outputs }));
  mkdirSync(TARGET, { recursive: true });
  rmSync(TARGET, { recursive: true });
  renameSync(NEW, TARGET);
}

/** index.html with the names that the files have got, and with what the first script will ask for. */
function pageWith(outputs) {
  const made = Object.entries(outputs);
  const entry = (source) => made.find(([, { entryPoint }]) => entryPoint === join(SOURCE, source));
  const urlOf = (path) => `/assets/${basename(path)}`;
  const [app, { cssBundle, imports }] = entry('main.tsx');
  const [theme] = entry('shell/theme-first.ts');
  const [icon] = entry('icon.svg');
  const first = imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => urlOf(path));
  const parts = {
    app: urlOf(app),
    theme: urlOf(theme),
    icon: urlOf(icon),
    style: urlOf(cssBundle),
    preload: first.map((url) => `<link rel="modulepreload" href="${url}">`).join(''),
  };
  return readFileSync(join(SOURCE, 'index.html'), 'utf8').replace(/\{(\w+)\}/g, (_, name) => parts[name]);
}
