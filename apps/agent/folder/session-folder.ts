import { createHash } from 'node:crypto';
import { opendir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cropFolders, ifThere } from './crop-files.js';
import { readTakenAt, type TakenAt } from './taken-at.js';

const DAY = /^\d{4}-?\d\d-?\d\d$/;
const SESSION = /^\d{4}-?\d\d-?\d\d_\d\d-\d\d(-\d\d)?$/;

/** The folder of one recording period. */
export interface SessionFolder {
  /** `2026-05-03_13-00-00`; unique in the data folder. */
  readonly name: string;
  readonly path: string;
  /** As the name says: it stays the same, whatever is written later. */
  readonly start: TakenAt;
}

/** The folder that holds the days: the given one, or its `data` where a whole card was copied. */
export async function rootOfData(dataFolder: string): Promise<string> {
  const inside = join(dataFolder, 'data');
  if ((await foldersIn(dataFolder, DAY)).length) return dataFolder;
  return (await stat(inside).catch(ifThere))?.isDirectory() ? inside : dataFolder;
}

/** All sessions of a data folder, oldest first. */
export async function sessionFolders(dataFolder: string): Promise<SessionFolder[]> {
  const found: SessionFolder[] = [];
  for (const day of await foldersIn(await rootOfData(dataFolder), DAY))
    for (const path of await foldersIn(day, SESSION)) {
      const name = basename(path);
      const start = readTakenAt(name);
      if (start) found.push({ name, path, start });
    }
  return found.sort((a, b) => a.start.micros - b.start.micros || (a.name < b.name ? -1 : 1));
}

export const metadataPaths = ({ path, name }: SessionFolder): string[] => [
  join(path, `${name}_metadata.csv`),
  join(path, `metadata_${name}.csv`),
];

/** The log of the session itself, or that of its day in versions before 2. */
export const systemLogPaths = ({ path, name }: SessionFolder): string[] => {
  const day = name.split('_')[0] ?? '';
  return [
    join(path, `${name}_system_log.csv`),
    join(path, '..', `${day}_info_log.csv`),
    join(path, '..', `info_log_${day}.csv`),
  ];
};

export async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if ((await stat(path).catch(ifThere))?.isFile()) return path;
  return undefined;
}

/** What a session's folder looks like from outside: as long as this stays, nothing was written. */
export interface Look {
  readonly signature: string;
  /** When a file was last changed, by the clock of the trap. */
  readonly changedMs: number;
}

export async function lookAt(session: SessionFolder): Promise<Look> {
  const { path, name } = session;
  const paths = [
    path,
    ...(await cropFolders(path)),
    ...metadataPaths(session),
    join(path, `${name}_system_log.csv`),
  ];
  const hash = createHash('sha1');
  let changedMs = 0;
  for (const each of paths) {
    const found = await stat(each).catch(ifThere);
    if (!found) continue;
    hash.update(`${each.slice(path.length)}:${found.isFile() ? found.size : ''}:${found.mtimeMs}\n`);
    changedMs = Math.max(changedMs, found.mtimeMs);
  }
  return { signature: hash.digest('base64url'), changedMs };
}

async function foldersIn(folder: string, name: RegExp): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of await opendir(folder))
    if (entry.isDirectory() && name.test(entry.name)) found.push(join(folder, entry.name));
  return found.sort();
}
