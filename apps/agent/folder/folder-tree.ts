import { createHash } from 'node:crypto';
import { opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What is in a folder, by name. Pictures are not kept: a day has ten thousands of them. */
interface Listing {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** How many pictures of the trap are in it, and the name of one. */
  readonly pictures: number;
  readonly picture: string | undefined;
  /** Changes when anything is added, removed or renamed. */
  readonly names: string;
}

interface Kept {
  readonly stamp: string;
  readonly listing: Listing;
}

/** Lists folders; one that has not changed is not read again. Links are followed to where they lead. */
export class FolderTree {
  private readonly kept = new Map<string, Kept>();

  /** @param sort which files are named in the listing, and which are only counted */
  constructor(private readonly sort: (file: string) => 'named' | 'picture' | 'ignored') {}

  async list(path: string): Promise<Listing> {
    const { mtimeMs, ctimeMs, ino } = await stat(path);
    const stamp = `${ino}:${mtimeMs}:${ctimeMs}`;
    const kept = this.kept.get(path);
    // Within the resolution of the clock of a file system, a second change has the same time.
    if (kept?.stamp === stamp && Date.now() - mtimeMs > 5000) return kept.listing;
    const folders: string[] = [];
    const files: string[] = [];
    const all: string[] = [];
    let pictures = 0;
    let picture: string | undefined;
    for await (const entry of await opendir(path)) {
      all.push(entry.name);
      if (entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(join(path, entry.name)))))
        folders.push(entry.name);
      else {
        const sort = this.sort(entry.name);
        if (sort === 'named') files.push(entry.name);
        if (sort === 'picture') {
          pictures += 1;
          picture ??= entry.name;
        }
      }
    }
    const names = createHash('sha1').update(all.sort().join('\0')).digest('base64url');
    const listing = { folders: folders.sort(), files: files.sort(), pictures, picture, names };
    this.kept.set(path, { stamp, listing });
    return listing;
  }
}

/** False for a link that leads nowhere or to itself: reading it reports the error. */
const leadsToFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Folders that were entered, by where they really are: a link that leads back up is not followed for ever. */
export class Visited {
  private readonly paths = new Set<string>();

  async isFirst(path: string): Promise<boolean> {
    const before = this.paths.size;
    return this.paths.add(await realpath(path)).size > before;
  }
}
