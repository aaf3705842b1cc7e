import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { type CatalogLook, pairingOf } from '../../../libs/catalog/index.js';
import type { Config } from '../../../libs/config/index.js';
import { freeBytes } from '../../../libs/images/index.js';
import { notPaired } from '../../retention/refusal.js';
import { megabytes } from '../commands/context.js';
import { fail, ok, reasonOf, type Verdict, warn } from './finding.js';

/** So many times the reserve should be free, or it will be reached soon. */
const COMFORT = 3;

export async function dataFolder({ dataDir }: Config): Promise<Verdict> {
  try {
    if (!(await stat(dataDir)).isDirectory())
      return fail(`${dataDir} is no folder`, 'Set TRAPLINE_DATA_DIR to one.');
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok(`${dataDir} can be written`);
  } catch (error) {
    return fail(
      `${dataDir} cannot be used: ${reasonOf(error)}`,
      'Set TRAPLINE_DATA_DIR to a folder that the service may write; is its disk mounted?',
    );
  }
}

export async function disk({ dataDir, limits: { diskReserveBytes } }: Config): Promise<Verdict> {
  const free = await freeBytes(dataDir);
  const figures = `${megabytes(free)} MB are free, the reserve is ${megabytes(diskReserveBytes)} MB`;
  const hint =
    'Make room: npm run trapline -- retention --dry-run --free-mb <n> says what old pictures could give.';
  if (free < diskReserveBytes) return fail(`${figures}: nothing is acknowledged`, hint);
  return free < diskReserveBytes * COMFORT ? warn(figures, hint) : ok(figures);
}

export async function pairing(look: CatalogLook, { dataDir }: Config): Promise<Verdict> {
  const found = await pairingOf(look.db, dataDir);
  if (found === 'paired') return ok('data folder and catalog belong together');
  const [what = '', ...hints] = notPaired(found).split(': ');
  return found === 'unpaired' ? warn(what, hints.join(': ')) : fail(what, hints.join(': '));
}
