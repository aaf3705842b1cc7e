import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CatalogLook, pairingOf } from '../../../libs/catalog/index.js';
import type { Config } from '../../../libs/config/index.js';
import { freeBytes } from '../../../libs/images/index.js';
import { SERVICE_KEY_FILE, secretIn } from '../../api/accounts/service-keys.js';
import { notPaired } from '../../retention/refusal.js';
import { megabytes } from '../commands/context.js';
import { fail, ok, reasonOf, skipped, type Verdict, warn } from './finding.js';

/** So many times the reserve should be free, or it will be reached soon. */
const COMFORT = 3;
/** Rights of group and others in a mode. */
const OTHERS = 0o077;

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

/** What logins and links are signed with: who can read it can sign them, and without it the service does not start. */
export async function serviceKey({ dataDir }: Config): Promise<Verdict> {
  const file = join(dataDir, SERVICE_KEY_FILE);
  let text: string;
  let mode: number;
  try {
    [text, { mode }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return skipped(`${file} is not there: the next start of the service makes it`);
    return fail(
      `${file} cannot be read: ${reasonOf(error)}`,
      'Give it to the user that the service runs as, with chmod 600: the service does not start without it.',
    );
  }
  if (!secretIn(text))
    return fail(
      `${file} holds no key: the service does not start with it`,
      'Put it back from the secrets of a backup, or remove it: all logins and signed links end then.',
    );
  return mode & OTHERS
    ? warn(
        `${file} is open to other users of this machine (mode ${(mode & 0o777).toString(8)})`,
        'chmod 600; if others may have read it, remove it and restart: all logins and signed links end then.',
      )
    : ok(`${file} holds a key that only its owner can read`);
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
