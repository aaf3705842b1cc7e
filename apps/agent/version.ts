import { readFileSync } from 'node:fs';

/** Set where the agent is packed: there is no package.json of the whole then. */
declare const PACKED_VERSION: string | undefined;

/** Compiled, this file lies one folder deeper, in `dist/apps/agent/`. */
const ROOT = import.meta.url.endsWith('/dist/apps/agent/version.js') ? '../../../' : '../../';

/** Of this program. */
export const version = (): string =>
  typeof PACKED_VERSION === 'string'
    ? PACKED_VERSION
    : JSON.parse(readFileSync(new URL(`${ROOT}package.json`, import.meta.url), 'utf8')).version;
