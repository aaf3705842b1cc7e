import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CatalogLook, countRemovals, findState, someCropFiles } from '../../../libs/catalog/index.js';
import type { Config } from '../../../libs/config/index.js';
import { cropKey, plural } from '../../../libs/domain/index.js';
import { cropPath, imagesRoot, journalFolder } from '../../../libs/images/index.js';
import { isRestoreFile, RESTORE_POINT } from '../../backup/restore-files.js';
import { megabytes } from '../commands/context.js';
import { fail, howLong, ok, skipped, type Verdict, warn } from './finding.js';

const RUNS_LOOKED_AT = 60;
const NAMED = 3;
const BACKUP_EVERY_MS = 8 * 24 * 60 * 60_000;

/** Whether pictures that the catalog has are on the disk: of runs from all over the season. */
export async function files({ db }: CatalogLook, { dataDir }: Config): Promise<Verdict> {
  const crops = await someCropFiles(db, RUNS_LOOKED_AT, Math.random);
  if (!crops.length) return skipped('there are no pictures');
  const missing: string[] = [];
  for (const crop of crops) {
    const { place, bytes } = crop;
    const path = place
      ? join(journalFolder(dataDir), place.segment)
      : cropPath(imagesRoot(dataDir), crop, crop.day, crop.format);
    const size = await stat(path).then(
      (found) => found.size,
      () => -1,
    );
    if (place ? size < place.position + bytes : size !== bytes) missing.push(cropKey(crop));
  }
  if (!missing.length)
    return ok(
      `${plural(crops.length, 'picture')} of ${RUNS_LOOKED_AT} runs or less ${crops.length === 1 ? 'is' : 'are all'} there`,
    );
  return fail(
    `${missing.length} of ${plural(crops.length, 'picture')} that ${crops.length === 1 ? 'was' : 'were'} looked for ${missing.length === 1 ? 'is' : 'are'} not there, such as ${missing.slice(0, NAMED).join(', ')}`,
    'Is the disk with the images mounted? Otherwise bring them back: npm run trapline -- restore <backup>. A trap that sends such a crop again brings it back, too.',
  );
}

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
