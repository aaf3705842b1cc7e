import { readFileSync } from 'node:fs';

/** Compiled, this file lies one folder deeper, in `dist/libs/config/`. */
const ROOT = import.meta.url.endsWith('/dist/libs/config/version.js') ? '../../../' : '../../';

/** Of this program. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL(`${ROOT}package.json`, import.meta.url), 'utf8'),
).version;
