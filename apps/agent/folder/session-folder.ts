import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { ifThere } from './crops/crop-files.js';
import { isReadFolder, kindOf, sessionName, sessionNameOfFile } from './entry-names.js';
import { FolderTree, Visited } from './folder-tree.js';
import { readTakenAt, type TakenAt } from './time/taken-at.js';

const DAY = /^\d{4}-?\d\d-?\d\d(?!\d)/;
/** Deeper than this no program lays out its data. */
const DEEPEST = 8;

/** One recording period. */
export interface SessionFolder {
  /** `2026-05-03_13-00-00`; unique in the data folder. */
  readonly name: string;
  /** Where it is; more than one where a folder was copied beside itself. The first bears its very name, if any does. */
  readonly paths: readonly string[];
  /** As the name says: it stays the same, whatever is written later. */
  readonly start: TakenAt;
}

/** Something on the card that may hold recordings and was not read. */
interface Unread {
  /** Path, relative to the data folder. */
  readonly what: string;
  readonly why: string;
}

/** What a data folder holds. */
export interface CardContents {
  /** Oldest first. */
  readonly sessions: readonly SessionFolder[];
  /** Lists of sessions, such as `session_info.csv`. */
  readonly sessionLists: readonly string[];
  readonly unread: readonly Unread[];
  /** Folders that hold the days. */
  readonly roots: readonly string[];
}

/** Finds the sessions of a data folder, wherever in it they are. */
export class DataFolder {
  private readonly tree = new FolderTree((file) => {
    const { is } = kindOf(file);
    if (is === 'crop' || is === 'frame') return 'picture';
    return is === 'byproduct' ? 'ignored' : 'named';
  });

  constructor(private readonly path: string) {}

  /** @throws what the disk says where the data folder itself cannot be read */
  async read(): Promise<CardContents> {
    const found = new Map<string, string[]>();
    const lists: string[] = [];
    const unread: Unread[] = [];
    const visited = new Visited();
    const add = (name: string, path: string) => found.set(name, [...(found.get(name) ?? []), path]);
    const visit = async (path: string, depth: number, within: string | undefined): Promise<void> => {
      if (!(await visited.isFirst(path))) return;
      const { folders, files, pictures, picture } = await this.tree.list(path);
      const named =
        sessionName(basename(path)) ?? (within ? undefined : files.map(sessionNameOfFile).find(Boolean));
      const session = named ?? within;
      // A folder within a session belongs to it, unless it is another one.
      if (named && named !== within) add(named, path);
      if (!session && picture !== undefined) {
        const more = pictures > 1 ? ` (and ${pictures - 1} more pictures here)` : '';
        unread.push(this.unread(join(path, picture), `it belongs to no session${more}`));
      }
      if (!session)
        for (const file of files) {
          const { is } = kindOf(file);
          if (is === 'session-list') lists.push(join(path, file));
          if (is === 'unplaced') unread.push(this.unread(join(path, file), 'it belongs to no session'));
        }
      const isSystemRoot = folders.includes('usr') && folders.includes('etc');
      for (const folder of folders) {
        const inside = join(path, folder);
        if (kindOf(folder).is === 'unplaced' && !session)
          unread.push(
            this.unread(inside, 'fragments without names, found when the file system was repaired'),
          );
        if (!isReadFolder(folder, isSystemRoot) || depth >= DEEPEST) continue;
        await visit(inside, depth + 1, session).catch((error: Error) => {
          // A session's own is reported when the session is read.
          if (!session && !sessionName(folder)) unread.push(this.unread(inside, error.message));
          else if (!session) add(sessionName(folder) as string, inside);
        });
      }
    };
    await visit(this.path, 0, undefined);
    const sessions = [...found].map(([name, paths]) => ({
      name,
      paths: paths.sort((a, b) => exactFirst(name, a, b)),
      start: readTakenAt(name) as TakenAt,
    }));
    const roots = [...new Set(sessions.flatMap(({ paths }) => paths.map(rootOf)))].sort();
    const isNear = ({ what }: Unread) => {
      const path = join(this.path, what);
      return (
        !roots.length || dirname(path) === this.path || roots.some((root) => path.startsWith(`${root}${sep}`))
      );
    };
    return {
      sessions: sessions.sort((a, b) => a.start.micros - b.start.micros || (a.name < b.name ? -1 : 1)),
      sessionLists: lists.sort(),
      // Elsewhere on a whole card there are pictures of other programs.
      unread: unread.filter(isNear),
      roots,
    };
  }

  unread(path: string, why: string): Unread {
    return { what: relative(this.path, path) || basename(path), why };
  }

  /** While the signature of a session stays the same, nothing was written into its folders. */
  async stateOf({ paths }: SessionFolder): Promise<FolderState> {
    const hash = createHash('sha1');
    const visited = new Visited();
    let changedMs = 0;
    const visit = async (path: string, depth: number): Promise<void> => {
      if (!(await visited.isFirst(path))) return;
      const { folders, files, names } = await this.tree.list(path);
      const { mtimeMs } = await stat(path);
      changedMs = Math.max(changedMs, mtimeMs);
      hash.update(`${relative(this.path, path)}:${names}\n`);
      for (const file of files) {
        const found = await stat(join(path, file)).catch(ifThere);
        if (!found) continue;
        hash.update(`${file}:${found.size}:${found.mtimeMs}\n`);
        changedMs = Math.max(changedMs, found.mtimeMs);
      }
      for (const folder of folders)
        if (isReadFolder(folder) && depth < DEEPEST) await visit(join(path, folder), depth + 1);
    };
    for (const path of paths) await visit(path, 0);
    return { signature: hash.digest('base64url'), changedMs };
  }
}

/** The state of a session's folders. */
export interface FolderState {
  readonly signature: string;
  /** When a file was last changed, by the clock of the trap. */
  readonly changedMs: number;
}

const rootOf = (session: string): string => {
  const parent = dirname(session);
  return DAY.test(basename(parent)) ? dirname(parent) : parent;
};

function exactFirst(name: string, a: string, b: string): number {
  const rank = (path: string) => (basename(path) === name ? 0 : 1);
  return rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1);
}

/** The log of a day, which versions before 2 write for all its sessions. */
export const dayLogPaths = ({ paths, name }: SessionFolder): string[] => {
  const day = name.split('_')[0] ?? '';
  return paths.flatMap((path) => [
    join(path, '..', `${day}_info_log.csv`),
    join(path, '..', `info_log_${day}.csv`),
  ]);
};

export async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if ((await stat(path).catch(ifThere))?.isFile()) return path;
  return undefined;
}
