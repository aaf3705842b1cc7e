// Compiles where something has changed since the last build. Types are not looked at here, which makes it a matter of a
// second; `npm run build` and `npm run check` do that.
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFile } from '@swc/core';

// What tsconfig.build.json includes.
const SOURCES = ['apps', 'libs', 'bench', 'grafana', 'models/training', 'test/fixtures'];
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', '.swcrc', 'package-lock.json'];
/** Each is as old as a whole build: by the compiler of TypeScript, or by this script. */
const BUILT = ['dist/.tsbuildinfo', 'dist/.built'];

const timeOf = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const isTest = (path) => path.endsWith('.spec.ts') || /(^|[\\/])spec-[^\\/]+$/.test(path);
const sources = SOURCES.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !isTest(path))
    .map((path) => join(folder, path)),
);

const newest = Math.max(...[...sources, ...SETTINGS].map(timeOf));
if (Math.max(...BUILT.map(timeOf)) > newest) process.exit(0);

process.stderr.write('Trapline is being built.\n');
await Promise.all(
  sources.map(async (source) => {
    const { code } = await transformFile(source);
    const target = join('dist', source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, code);
  }),
);
writeFileSync('dist/.built', '');
