// Bundles the web page: apps/web → dist/web. Names hold a hash of the content, so that browsers may keep the files.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const SOURCE = 'apps/web';
const TARGET = 'dist/web';
/** What is made first, and takes the place of the page in one step. */
const NEW = `${TARGET}.new`;
const SHOWN_TYPES = /\.(css|html|svg|tsx?)$/;

/** What the page is made of. */
export const webSources = () =>
  readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => SHOWN_TYPES.test(path) && !path.endsWith('.spec.ts'))
    .map((path) => join(SOURCE, path));

/** @returns what esbuild says of each file, for those who want to know the sizes */
export async function buildWeb() {
  rmSync(NEW, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: { app: join(SOURCE, 'main.tsx'), theme: join(SOURCE, 'shell/theme-first.ts') },
    outdir: join(NEW, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['es2022', 'safari16.4', 'firefox115'],
    minify: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'file' },
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
    tsconfig: join(SOURCE, 'tsconfig.json'),
  });
  writeFileSync(join(NEW, 'index.html'), pageWith(metafile));
  mkdirSync(TARGET, { recursive: true });
  rmSync(TARGET, { recursive: true });
  renameSync(NEW, TARGET);
  return metafile;
}

/** index.html with the names that the files have got. */
function pageWith({ outputs }) {
  const made = Object.entries(outputs);
  const entry = (source) => made.find(([, { entryPoint }]) => entryPoint === join(SOURCE, source));
  const [app, { cssBundle }] = entry('main.tsx');
  const [theme] = entry('shell/theme-first.ts');
  const names = { app, theme, style: cssBundle };
  return readFileSync(join(SOURCE, 'index.html'), 'utf8').replace(
    /\{(app|theme|style)\}/g,
    (_, name) => `/assets/${basename(names[name])}`,
  );
}
