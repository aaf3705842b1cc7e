import type { Logger } from 'pino';
import { type Catalog, pair } from '../../libs/catalog/index.js';
import { notPaired } from './refusal.js';

/**
 * Makes a new catalog and its data folder known to each other, and says so where they are not each other's: runs are
 * taken all the same, since a trap would rather have them in the wrong place than nowhere.
 */
export async function tellPairing({ db }: Catalog, dataDir: string, log: Logger): Promise<void> {
  try {
    const found = await pair(db, dataDir);
    if (found !== 'paired') log.error({ dataDir }, notPaired(found));
  } catch (err) {
    log.error({ err, dataDir }, 'nobody knows which catalog this data folder belongs to');
  }
}
