import type { Logger } from 'pino';
import { readMark } from '../../libs/data-dir/index.js';
import type { Catalog } from '../../libs/database/index.js';
import { MOST_AT_ONCE, SHRUNK_BELOW } from '../../libs/domain/index.js';
import { plural } from '../../libs/text/index.js';
import { bind, bindingOf, type DataDirBinding } from './data-dir-binding.js';
import type { RemovalSummary } from './removal-summary.js';
import type { Survey } from './survey.js';

/** Nothing was removed, because something looks wrong. The message says what, and what to do. */
export class RetentionBlocked extends Error {
  constructor(
    readonly code: 'not-paired' | 'catalog-empty' | 'catalog-shrank' | 'too-much',
    message: string,
  ) {
    super(message);
  }
}

const ADOPT = 'if they do belong together, say so with: npm run trapline -- retention --adopt';

const NOT_PAIRED: Record<Exclude<DataDirBinding, 'paired'>, string> = {
  other: `the data folder belongs to another catalog: check DATABASE_URL and TRAPLINE_DATA_DIR; ${ADOPT}`,
  'new-catalog': `the data folder belongs to another catalog, and this one is new: check DATABASE_URL and TRAPLINE_DATA_DIR; ${ADOPT}`,
  'strange-folder': `the catalog has runs, and the data folder does not know of it: is its disk mounted? Check TRAPLINE_DATA_DIR; ${ADOPT}`,
  unpaired: 'no service of this version has run on this data folder and catalog: start it once',
};

/** Why a folder and a catalog do not go together, for people. */
export const notPaired = (found: Exclude<DataDirBinding, 'paired'>): string => NOT_PAIRED[found];

/** @throws RetentionRefusal where catalog and files may not be each other's */
export async function expectPaired({ db }: Catalog, dataDir: string): Promise<void> {
  const found = await bindingOf(db, dataDir).catch((error: Error) => {
    throw new RetentionBlocked('not-paired', `${error.message}; ${ADOPT}`);
  });
  if (found !== 'paired') throw new RetentionBlocked('not-paired', notPaired(found));
}

/** @throws RetentionRefusal where the catalog holds much less than it did */
export async function expectWhole({ runs, crops }: Survey, dataDir: string): Promise<void> {
  const before = await readMark(dataDir);
  if (!before || before.runs === 0) return;
  if (runs === 0)
    throw new RetentionBlocked(
      'catalog-empty',
      `the catalog is empty, and had ${plural(before.runs, 'run')}; ${ADOPT}`,
    );
  if (runs < before.runs * SHRUNK_BELOW || crops < before.crops * SHRUNK_BELOW)
    throw new RetentionBlocked(
      'catalog-shrank',
      `the catalog has ${plural(runs, 'run')} with ${plural(crops, 'crop')}, and had ${before.runs} with ${before.crops}; ${ADOPT}`,
    );
}

/** @throws RetentionRefusal where so much would go at once that it is rather a mistake */
export function expectModest({ picturedBytes }: Survey, { bytes, crops }: RemovalSummary): void {
  if (bytes <= picturedBytes * MOST_AT_ONCE) return;
  const part = Math.round((100 * bytes) / picturedBytes);
  throw new RetentionBlocked(
    'too-much',
    `${plural(crops, 'picture')} would go, ${part} % of all: look with --dry-run, and remove ${crops === 1 ? 'it' : 'them'} once with: npm run trapline -- retention --force`,
  );
}

/**
 * Makes a new catalog and its data folder known to each other, and says so where they are not each other's: runs are
 * taken all the same, since a trap would rather have them in the wrong place than nowhere.
 */
export async function logBinding({ db }: Catalog, dataDir: string, log: Logger): Promise<void> {
  try {
    const found = await bind(db, dataDir);
    if (found !== 'paired') log.error({ dataDir }, notPaired(found));
  } catch (err) {
    log.error({ err, dataDir }, 'nobody knows which catalog this data folder belongs to');
  }
}
