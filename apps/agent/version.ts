import { readFileSync } from 'node:fs';

/** Set where the agent is packed: there is no package.json of the whole then. */
declare const PACKED_VERSION: string | undefined;

/** Of this program. The compiled file lies in `dist/apps/agent/`. */
export const version = (): string =>
  typeof PACKED_VERSION === 'string'
    ? PACKED_VERSION
    : JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version;
