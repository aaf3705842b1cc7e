import { acknowledge } from './acknowledge.js';
import { pipeline } from './pipeline.js';
import { start } from './start.js';

/** Each prints the figures that the documents quote, as ratios to a limit measured in the same run. */
const BENCHES: Record<string, (args: readonly string[]) => Promise<void>> = {
  pipeline,
  acknowledge,
  start,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = BENCHES[name];
if (!bench) {
  process.stderr.write(`npm run bench -- <${Object.keys(BENCHES).join(' | ')}>\n`);
  process.exit(2);
}
await bench(args);
process.exit(0);
