// Builds where something has changed since the last build: a matter of seconds.
import { statSync } from 'node:fs';
import { BUILT, compile, sources } from './compile.mjs';

const SETTINGS = ['.swcrc', 'package-lock.json', 'scripts/compile.mjs'];

const timeOf = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const newest = Math.max(...[...sources(), ...SETTINGS].map(timeOf));
if (timeOf(BUILT) <= newest) {
  process.stderr.write('Trapline is being built.\n');
  await compile();
}
