import { acknowledge } from './acknowledge.js';
import { agent } from './agent.js';
import { downloads } from './downloads.js';
import { pages } from './pages.js';
import { pipeline } from './pipeline.js';
import { start } from './start.js';
import { traps } from './traps.js';
import { web } from './web.js';

/** Each prints the figures that the documents quote, as ratios to a limit measured in the same run. */
const BENCHES: Record<string, (args: readonly string[]) => Promise<void>> = {
  pipeline,
  acknowledge,
  start,
  traps,
  pages,
  downloads,
  agent,
  web,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = BENCHES[name];
if (!bench) {
  process.stderr.write(`npm run bench -- <${Object.keys(BENCHES).join(' | ')}>\n`);
  process.exit(2);
}
await bench(args);
process.exit(0);
