import { readFile } from 'node:fs/promises';
import { ok, skipped, someCropFiles, type Verdict, warn } from '../../../features/health/index.js';
import type { Config } from '../../../libs/config/index.js';
import type { ReadOnlyCatalog } from '../../../libs/database/index.js';
import { cropPath, imagesRoot, namesPlace } from '../../../libs/store/index.js';
import { plural } from '../../../libs/text/index.js';

const RUNS_READ = 60;
const NAMED = 3;

/** Whether pictures say in their metadata where they were taken: of runs from all over the season. */
export async function places({ db }: ReadOnlyCatalog, { dataDir, access }: Config): Promise<Verdict> {
  const crops = await someCropFiles(db, RUNS_READ, Math.random);
  const traps = new Set<string>();
  let read = 0;
  for (const crop of crops) {
    const path = cropPath(imagesRoot(dataDir), crop, crop.day, crop.format);
    const bytes = await readFile(path).catch(() => undefined);
    if (!bytes) continue;
    read += 1;
    if (namesPlace(bytes, crop.format)) traps.add(crop.trapId);
  }
  if (!read) return skipped('there are no pictures');
  if (!traps.size) return ok(`none of ${plural(read, 'picture')} names a place in its metadata`);
  const names = [...traps].slice(0, NAMED).join(', ');
  return warn(
    `pictures of ${plural(traps.size, 'trap')} carry GPS positions in their metadata, such as those of ${names}`,
    access.originalsForViewers
      ? 'TRAPLINE_ORIGINALS_FOR_VIEWERS gives them to viewers: unset it, or turn off GPS in the camera.'
      : 'Viewers get pictures without metadata; editors, backups and the disk have the originals. Turn off GPS in the camera.',
  );
}
