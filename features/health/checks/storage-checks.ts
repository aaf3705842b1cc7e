import { constants } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../../libs/config/index.js';
import { findState } from '../../../libs/database/index.js';
import { cropKey } from '../../../libs/domain/index.js';
import { freeBytes, setAsideFolder } from '../../../libs/store/index.js';
import { megabytes, plural } from '../../../libs/text/index.js';
import { SERVICE_KEY_FILE, secretIn } from '../../accounts/index.js';
import { checkFiles, findSnapshot, isRestoreFile, RESTORE_POINT } from '../../backup/index.js';
import { allCropFiles, CropStore, countDamaged } from '../../crops/index.js';
import { bindingOf, countRemovals, notPaired } from '../../retention/index.js';
import { type CheckedCatalog, fail, howLong, ok, reasonOf, skipped, type Verdict, warn } from './finding.js';
import { someCropFiles } from './queue-checks.js';

const RUNS_LOOKED_AT = 60;
const NAMED = 10;
const PAGE = 500;
const HINT =
  'Is the disk with the images mounted? The running service brings back what the last backup has, and asks the traps for the rest; npm run trapline -- restore <backup> brings back all of a backup.';
const BACKUP_EVERY_MS = 8 * 24 * 60 * 60_000;

/** Whether pictures that the catalog has are on the disk, by their hashes: of runs from all over the season. */
export async function files({ db }: CheckedCatalog, { dataDir }: Config): Promise<Verdict> {
  const crops = await someCropFiles(db, RUNS_LOOKED_AT, Math.random);
  if (!crops.length) return skipped('there are no pictures');
  const bad = (await new CropStore(db, dataDir).verify(crops)).map(cropKey);
  if (bad.length)
    return fail(
      `${bad.length} of ${plural(crops.length, 'picture')} that ${crops.length === 1 ? 'was' : 'were'} read ${bad.length === 1 ? 'is' : 'are'} missing or damaged, such as ${some(bad)}`,
      HINT,
    );
  const known = await knownDamage({ db });
  if (known.state === 'fail') return known;
  return ok(
    `${plural(crops.length, 'picture')} of ${RUNS_LOOKED_AT} runs or less ${crops.length === 1 ? 'is' : 'are'} what was stored`,
  );
}

/** What the service has found by itself. */
export async function knownDamage({ db }: CheckedCatalog): Promise<Verdict> {
  const known = await countDamaged(db);
  return known
    ? fail(`${plural(known, 'picture is', 'pictures are')} known to be missing or damaged`, HINT)
    : ok('no picture is known to be missing or damaged');
}

/** Reads every picture. */
export async function allFiles({ db }: CheckedCatalog, { dataDir }: Config): Promise<Verdict> {
  let pictures = 0;
  const bad: string[] = [];
  for await (const page of allCropFiles(db, PAGE)) {
    pictures += page.length;
    bad.push(...(await new CropStore(db, dataDir).verify(page)).map(cropKey));
  }
  if (!pictures) return skipped('there are no pictures');
  return bad.length
    ? fail(
        `${bad.length} of ${plural(pictures, 'picture')} ${bad.length === 1 ? 'is' : 'are'} missing or damaged, such as ${some(bad)}`,
        HINT,
      )
    : ok(`${plural(pictures, 'picture')}: all is what was stored`);
}

const some = (names: readonly string[]): string => names.slice(0, NAMED).join(', ');

export async function backup({ db }: CheckedCatalog, nowMs: number): Promise<Verdict> {
  const last = await findState(db, 'backup');
  const hint = 'npm run trapline -- backup <folder on another disk>, each night from cron.';
  if (!last) return warn('there is no backup', hint);
  const agoMs = nowMs - last.atMs;
  const words = `the last backup is ${howLong(agoMs)} old, in ${last.folder}`;
  return agoMs > BACKUP_EVERY_MS ? warn(words, hint) : ok(words);
}

export async function retention({ db }: CheckedCatalog, { retention: rule }: Config): Promise<Verdict> {
  const last = await findState(db, 'retention');
  if (last?.refused)
    return fail(
      `retention removes nothing: ${last.refused}`,
      'It says what to do; until then the disk fills up.',
    );
  if (last?.shortBytes)
    return warn(
      `retention may remove nothing more, and ${megabytes(last.shortBytes)} MB are wanting`,
      'A larger disk, or smaller TRAPLINE_RETENTION_DAYS or TRAPLINE_RETENTION_KEEP_BEST.',
    );
  const left = await countRemovals(db);
  if (left)
    return warn(
      `${plural(left, 'file of a removed picture is', 'files of removed pictures are')} still there`,
      'The next start of the service deletes them; its log says if it cannot.',
    );
  if (rule.olderThanMs === undefined && rule.freeBytes === undefined)
    return skipped('retention is off: pictures stay for good');
  return ok('retention works');
}

/** Reads all of the last backup: what a restore would refuse is better known now. */
export async function backupFiles({ db }: CheckedCatalog): Promise<Verdict> {
  const last = await findState(db, 'backup');
  if (!last) return skipped('there is no backup to read');
  const hint =
    'npm run trapline -- backup <folder> copies what has rotted anew, as long as the data folder has it.';
  try {
    const { files, damaged } = await checkFiles(await findSnapshot(last.folder), () => {});
    if (damaged.length)
      return fail(
        `${plural(damaged.length, 'file')} of the last backup ${damaged.length === 1 ? 'is' : 'are'} damaged or missing, such as ${some(damaged)}`,
        hint,
      );
    return ok(`${plural(files, 'file')} of the last backup: all is what was stored`);
  } catch (error) {
    return fail(`the last backup cannot be restored: ${reasonOf(error)}`, hint);
  }
}

/** What lay where pictures belong. */
export async function setAside({ dataDir }: Config): Promise<Verdict> {
  const folder = setAsideFolder(dataDir);
  const names = await readdir(folder).catch(() => []);
  return names.length
    ? warn(
        `${plural(names.length, 'file')} lay where pictures belong, now in ${folder}`,
        'They are no picture of the catalog under that name. Remove them once you know what they are.',
      )
    : skipped('nothing was moved out of the way of pictures');
}

/** What restores have left. */
export async function restores({ dataDir }: Config): Promise<Verdict> {
  const names = (await readdir(dataDir).catch(() => [])).filter(isRestoreFile);
  const points = names.filter((name) => name.startsWith(RESTORE_POINT));
  if (names.length > points.length)
    return warn('a restore was interrupted', 'The next start of the service ends it; or run it again.');
  return points.length
    ? warn(
        `${points.join(', ')} in ${dataDir} take room`,
        'Remove them once you are sure that the restore was right.',
      )
    : skipped('no restore has left anything');
}

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

export async function pairing(look: CheckedCatalog, { dataDir }: Config): Promise<Verdict> {
  const found = await bindingOf(look.db, dataDir);
  if (found === 'paired') return ok('data folder and catalog belong together');
  const [what = '', ...hints] = notPaired(found).split(': ');
  return found === 'unpaired' ? warn(what, hints.join(': ')) : fail(what, hints.join(': '));
}
