import type { Kysely, Migration } from 'kysely';
import { accountTables } from './0001/accounts.js';
import { messageTables } from './0001/messages.js';
import { progressTables } from './0001/progress.js';
import { runTables } from './0001/runs.js';
import { trapTables } from './0001/traps.js';
import { verdictTables } from './0001/verdicts.js';
import { type EngineTypes, runAll } from './engine-types.js';

/** All tables of the first version. Their meaning is in `schema.ts`. */
export const tables = (types: EngineTypes): Migration => ({
  async up(db: Kysely<never>) {
    for (const group of [trapTables, runTables, verdictTables, messageTables, accountTables, progressTables])
      await runAll(db, group(types));
  },
});
