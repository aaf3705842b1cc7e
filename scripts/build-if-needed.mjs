// Compiles what has changed since the last build, and says so: the first time takes some seconds.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['apps', 'libs', 'bench', 'grafana', 'test/fixtures'];
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
const BUILT = 'dist/.tsbuildinfo';

const timeOf = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const sources = SOURCES.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path)),
);

const newest = Math.max(...[...sources, ...SETTINGS].map(timeOf));
if (timeOf(BUILT) > newest) process.exit(0);

process.stderr.write('Trapline is being built, which takes some seconds.\n');
const { status } = spawnSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  {
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
