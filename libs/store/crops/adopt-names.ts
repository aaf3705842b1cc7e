import { lstat, mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isId } from '../../domain/index.js';
import { syncFolder } from './files.js';
import { imagesRoot } from './layout.js';
import { safeName } from './safe-name.js';

/** In the data folder: how pictures are named. Without it their names are the ids themselves. */
const LAYOUT_FILE = 'images-layout';
const LAYOUT = '2\n';

/**
 * Gives pictures that an earlier version stored, or a backup of it, the names that {@link safeName} makes. Nearly all
 * have them already. Done once for a folder; interrupted, it goes on at the next start. Never replaces a file.
 *
 * @returns how many files and folders were renamed
 */
export async function adoptNames(dataDir: string): Promise<number> {
  const root = imagesRoot(dataDir);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const marker = join(dataDir, LAYOUT_FILE);
  if ((await readFile(marker, 'utf8').catch(() => '')) === LAYOUT) return 0;
  let renamed = 0;
  for (const trap of await foldersIn(root)) {
    const trapFolder = await bindForced(root, trap);
    for (const day of await foldersIn(trapFolder.path)) {
      const dayFolder = join(trapFolder.path, day);
      for (const run of await foldersIn(dayFolder)) {
        const runFolder = await bindForced(dayFolder, run);
        for (const file of await readdir(runFolder.path))
          if ((await bindForced(runFolder.path, file, extname(file))).isNew) renamed += 1;
        if (runFolder.isNew) renamed += 1;
      }
    }
    if (trapFolder.isNew) renamed += 1;
  }
  const file = await open(marker, 'w', 0o600);
  try {
    await file.writeFile(LAYOUT);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(dataDir);
  return renamed;
}

async function bindForced(
  folder: string,
  name: string,
  ending = '',
): Promise<{ path: string; isNew: boolean }> {
  const path = join(folder, name);
  const id = ending ? name.slice(0, -ending.length) : name;
  const right = join(folder, isId(id) ? safeName(id) + ending : name);
  if (right === path || (await exists(right))) return { path, isNew: false };
  await rename(path, right);
  await syncFolder(folder);
  return { path: right, isNew: true };
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
