import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { safeName } from '../../../libs/store/index.js';

const isMissing = (error: NodeJS.ErrnoException) => error.code === 'ENOENT';
const listed = (folder: string) =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (isMissing(error)) return [];
    throw error;
  });

/** One file of a crop, wherever it lies. */
interface FoundFile {
  /** Without its ending. */
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
}

/** The plain files of a run, `<images>/<trap>/<day>/<run>/<crop>.<format>`, whatever the day. */
export async function filesOf(imagesRoot: string, trapId: string, runId: string): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const day of await listed(join(imagesRoot, safeName(trapId)))) {
    const folder = join(imagesRoot, safeName(trapId), day, safeName(runId));
    for (const name of await listed(folder)) {
      const path = join(folder, name);
      const sha256 = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      found.push({ name: basename(name, extname(name)), path, sha256 });
    }
  }
  return found;
}
