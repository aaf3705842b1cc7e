// Writes docs/generated from the code: `node dist/libs/protocol/generate.js` in the root of the repository.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated-files.js';

for (const [path, content] of generatedFiles()) {
  const file = join('docs', 'generated', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
