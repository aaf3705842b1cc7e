import { readdir } from 'node:fs/promises';
import {
  allCropFiles,
  type CatalogLook,
  type CropFile,
  countDamaged,
  countRemovals,
  type Db,
  findCropFile,
  findState,
  someCropFiles,
} from '../../../libs/catalog/index.js';
import type { Config } from '../../../libs/config/index.js';
import { cropKey, plural } from '../../../libs/domain/index.js';
import { readPicture, setAsideFolder } from '../../../libs/images/index.js';
import { findSnapshot } from '../../backup/find-snapshot.js';
import { isRestoreFile, RESTORE_POINT } from '../../backup/restore-files.js';
import { checkFiles } from '../../backup/stage.js';
import { megabytes } from '../commands/context.js';
import { fail, howLong, ok, reasonOf, skipped, type Verdict, warn } from './finding.js';

const RUNS_LOOKED_AT = 60;
const NAMED = 10;
const PAGE = 500;
const HINT =
  'Is the disk with the images mounted? The running service brings back what the last backup has, and asks the traps for the rest; npm run trapline -- restore <backup> brings back all of a backup.';
const BACKUP_EVERY_MS = 8 * 24 * 60 * 60_000;

/** Whether pictures that the catalog has are on the disk, by their hashes: of runs from all over the season. */
export async function files({ db }: CatalogLook, { dataDir }: Config): Promise<Verdict> {
  const crops = await someCropFiles(db, RUNS_LOOKED_AT, Math.random);
  if (!crops.length) return skipped('there are no pictures');
  const bad = await damagedOf(db, dataDir, crops);
  const known = await countDamaged(db);
  if (bad.length)
    return fail(
      `${bad.length} of ${plural(crops.length, 'picture')} that ${crops.length === 1 ? 'was' : 'were'} read ${bad.length === 1 ? 'is' : 'are'} missing or damaged, such as ${some(bad)}`,
      HINT,
    );
  if (known)
    return fail(`${plural(known, 'picture is', 'pictures are')} known to be missing or damaged`, HINT);
  return ok(
    `${plural(crops.length, 'picture')} of ${RUNS_LOOKED_AT} runs or less ${crops.length === 1 ? 'is' : 'are'} what was stored`,
  );
}

/** Reads every picture. */
export async function allFiles({ db }: CatalogLook, { dataDir }: Config): Promise<Verdict> {
  let pictures = 0;
  const bad: string[] = [];
  for await (const page of allCropFiles(db, PAGE)) {
    pictures += page.length;
    bad.push(...(await damagedOf(db, dataDir, page)));
  }
  if (!pictures) return skipped('there are no pictures');
  return bad.length
    ? fail(
        `${bad.length} of ${plural(pictures, 'picture')} ${bad.length === 1 ? 'is' : 'are'} missing or damaged, such as ${some(bad)}`,
        HINT,
      )
    : ok(`${plural(pictures, 'picture')}: all is what was stored`);
}

async function damagedOf(db: Db, dataDir: string, crops: readonly CropFile[]): Promise<string[]> {
  const bad: string[] = [];
  for (const crop of crops) {
    if (Buffer.isBuffer(await readPicture(dataDir, crop))) continue;
    // The service may have moved it meanwhile, or removed it.
    const now = await findCropFile(db, crop);
    if (now && !Buffer.isBuffer(await readPicture(dataDir, now))) bad.push(cropKey(crop));
  }
  return bad;
}

const some = (names: readonly string[]): string => names.slice(0, NAMED).join(', ');

export async function backup({ db }: CatalogLook, nowMs: number): Promise<Verdict> {
  const last = await findState(db, 'backup');
  const hint = 'npm run trapline -- backup <folder on another disk>, each night from cron.';
  if (!last) return warn('there is no backup', hint);
  const agoMs = nowMs - last.atMs;
  const words = `the last backup is ${howLong(agoMs)} old, in ${last.folder}`;
  return agoMs > BACKUP_EVERY_MS ? warn(words, hint) : ok(words);
}

export async function retention({ db }: CatalogLook, { retention: rule }: Config): Promise<Verdict> {
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
export async function backupFiles({ db }: CatalogLook): Promise<Verdict> {
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
