import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { filesFor } from './files.js';

// Without --public-url, links and pictures go to the origin that Grafana is reached at.
const { values } = parseArgs({
  options: { 'public-url': { type: 'string', default: '' }, out: { type: 'string', default: 'grafana' } },
});
const files = filesFor({ publicUrl: values['public-url'].replace(/\/+$/, '') });
for (const [path, text] of files) {
  const file = join(values.out, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
process.stdout.write(`${files.size} files are written to ${values.out}\n`);
