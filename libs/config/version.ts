import { readFileSync } from 'node:fs';

/** Of this program. The compiled file lies in `dist/libs/config/`. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
).version;
