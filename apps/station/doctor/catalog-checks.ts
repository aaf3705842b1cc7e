import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, reasonOf, skipped, type Verdict, warn } from '../../../features/health/index.js';
import type { Config } from '../../../libs/config/index.js';
import {
  CATALOG_FILE,
  CATALOG_VERSION_HINT,
  integrityOf,
  openReadOnly,
  type ReadOnlyCatalog,
} from '../../../libs/database/index.js';
import { megabytes } from '../../../libs/text/index.js';

/** A larger file takes minutes, and the disk that the service needs. */
const CHECKED_BYTES = 2_000_000_000;

/** Opens it as it is. `look` is undefined where it cannot be opened, and the verdict says why. */
export async function openCatalog(config: Config): Promise<{ look?: ReadOnlyCatalog; verdict: Verdict }> {
  const where = config.databaseUrl ? 'the database of DATABASE_URL' : join(config.dataDir, CATALOG_FILE);
  try {
    const look = await openReadOnly(config);
    return { look, verdict: tables(look, where) };
  } catch (error) {
    const hint = config.databaseUrl
      ? 'Is PostgreSQL running, and is DATABASE_URL right?'
      : 'Is TRAPLINE_DATA_DIR right? The first start of the service makes a catalog; a lost one comes back with npm run trapline -- restore.';
    return { verdict: fail(`${where} cannot be opened: ${reasonOf(error)}`, hint) };
  }
}

function tables({ tables: { missing, unknown } }: ReadOnlyCatalog, where: string): Verdict {
  if (unknown.length)
    return fail(
      `${where} was made by another version of Trapline (migrations ${unknown.join(', ')})`,
      `${CATALOG_VERSION_HINT}.`,
    );
  return missing.length
    ? warn(
        `${where} is missing migrations (${missing.join(', ')})`,
        'Restart the service: it brings the tables up to date.',
      )
    : ok(`${where} is of this version`);
}

export async function integrity(
  { engine, db }: ReadOnlyCatalog,
  { dataDir }: Config,
  isDeep: boolean,
): Promise<Verdict> {
  if (engine === 'postgres') return skipped('PostgreSQL looks after its own files');
  const { size } = await stat(join(dataDir, CATALOG_FILE));
  if (!isDeep && size > CHECKED_BYTES)
    return skipped(`${megabytes(size)} MB take too long: npm run trapline -- doctor --deep reads them`);
  const said = await integrityOf(db, isDeep);
  return said.join() === 'ok'
    ? ok('its file is in order')
    : fail(
        `the file is damaged: ${said.join('; ')}`,
        'Stop the service and restore the last backup: npm run trapline -- restore <backup>',
      );
}
