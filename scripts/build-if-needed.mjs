// Builds where something has changed since the last build: a matter of seconds, and less where only the page has changed.
import { statSync } from 'node:fs';
import { buildWeb, webSources } from './build-web.mjs';
import { BUILT, compile, sources } from './compile.mjs';

const SETTINGS = ['.swcrc', 'package-lock.json', 'scripts/compile.mjs'];
const WEB_SETTINGS = ['package-lock.json', 'scripts/build-web.mjs'];
const WEB_BUILT = 'dist/web/index.html';

const timeOf = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const isOlder = (built, made) => timeOf(built) <= Math.max(...made.map(timeOf));
if (isOlder(BUILT, [...sources(), ...SETTINGS])) {
  process.stderr.write('Trapline is being built.\n');
  await compile();
} else if (isOlder(WEB_BUILT, [...webSources(), ...WEB_SETTINGS])) {
  process.stderr.write('The web page is being built.\n');
  await buildWeb();
}
