import { opendir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Columns, columnsOf, columnsOfCount, detectionOf } from './columns.js';
import { csvRows, type Dialect, dialectOf } from './csv-rows.js';
import { isReadFolder, kindOf, sessionName } from './entry-names.js';
import { Visited } from './folder-tree.js';
import type { SessionFolder } from './session-folder.js';
import { StepsBack } from './time/steps-back.js';

/** One track of a session, as little of it as finds the rest again: a day can have a hundred thousand crops. */
export interface Track {
  readonly id: string;
  /** Where its rows begin in each table, in their order. */
  readonly rows: readonly number[][];
  /** Its pictures: the number of the folder, a slash, the name. */
  readonly files: string[];
}

/** A table of detections; the version, or the spreadsheet, that wrote it decides how. */
interface MetadataTable {
  readonly path: string;
  readonly dialect: Dialect;
  readonly columns: Columns | undefined;
  /** The times of its rows, as they were written; positions are bytes. */
  readonly order: StepsBack;
}

/** What a session's folder holds. */
export interface SessionIndex {
  /** The session counter, which restarts with another card; undefined if no row has it. */
  readonly session: string | undefined;
  /** In the order in which they were first seen. */
  readonly tracks: readonly Track[];
  readonly tables: readonly MetadataTable[];
  readonly folders: readonly string[];
  /** Full frames by their time, in microseconds. */
  readonly frames: ReadonlyMap<number, string>;
  readonly systemLogs: readonly string[];
  /** What could not be read: path → why. */
  readonly unread: ReadonlyMap<string, string>;
}

export const filePath = ({ folders }: Pick<SessionIndex, 'folders'>, file: string): string => {
  const slash = file.indexOf('/');
  return join(folders[Number(file.slice(0, slash))] as string, file.slice(slash + 1));
};

/**
 * Reads all names and all tables of a session.
 *
 * @param isWhole nothing is written any more, see {@link csvRows}
 */
export async function indexSession(folder: SessionFolder, isWhole = true): Promise<SessionIndex> {
  const found = await walk(folder);
  const tracks = new Map<string, Track>();
  const trackOf = (id: string): Track => {
    const track = tracks.get(id) ?? { id, rows: found.tables.map(() => []), files: [] };
    if (!tracks.has(id)) tracks.set(id, track);
    return track;
  };
  const tables: MetadataTable[] = [];
  let session: string | undefined;
  for (const [number, path] of found.tables.entries()) {
    const read = await readMetadata(folder, path, isWhole, (id, offset) =>
      trackOf(id).rows[number]?.push(offset),
    );
    tables.push(read.table);
    session ??= read.session;
    if (read.why !== undefined) found.unread.set(path, read.why);
  }
  for (const [id, file] of found.crops) trackOf(id).files.push(file);
  const { folders, frames, systemLogs, unread } = found;
  return { session, tracks: [...tracks.values()], tables, folders, frames, systemLogs, unread };
}

async function walk(session: SessionFolder) {
  const folders: string[] = [];
  const crops: (readonly [track: string, file: string])[] = [];
  const frames = new Map<number, string>();
  const tables: string[] = [];
  const systemLogs: string[] = [];
  const unread = new Map<string, string>();
  const visited = new Visited();
  const visit = async (path: string): Promise<void> => {
    if (!(await visited.isFirst(path))) return;
    const number = folders.push(path) - 1;
    const inside: string[] = [];
    for await (const entry of await opendir(path)) {
      const entryPath = join(path, entry.name);
      const kind = kindOf(entry.name);
      const isFolder =
        entry.isDirectory() ||
        (entry.isSymbolicLink() && kind.is !== 'crop' && (await isFolderAt(entryPath)));
      if (isFolder) {
        const other = sessionName(entry.name);
        if (kind.is === 'unplaced')
          unread.set(entryPath, 'fragments without names, found when the file system was repaired');
        else if (isReadFolder(entry.name) && (other === undefined || other === session.name))
          inside.push(entryPath);
      } else if (kind.is === 'crop') crops.push([kind.track, `${number}/${entry.name}`]);
      else if (kind.is === 'frame') keepFrame(frames, kind.taken.micros, entryPath);
      else if (kind.is === 'metadata') tables.push(entryPath);
      else if (kind.is === 'system-log') systemLogs.push(entryPath);
      else if (kind.is === 'unplaced')
        unread.set(entryPath, 'no crop, frame or table of the trap has such a name');
    }
    for (const each of inside.sort()) await visit(each);
  };
  for (const path of session.paths) await visit(path);
  // That of the trap before its copies.
  const byName = (a: string, b: string) =>
    basename(a).length - basename(b).length || a.length - b.length || (a < b ? -1 : 1);
  return { folders, crops, frames, tables: tables.sort(byName), systemLogs: systemLogs.sort(byName), unread };
}

const isFolderAt = async (path: string): Promise<boolean> => (await stat(path)).isDirectory();

function keepFrame(frames: Map<number, string>, micros: number, path: string): void {
  const before = frames.get(micros);
  if (before === undefined || basename(path).length < basename(before).length) frames.set(micros, path);
}

async function readMetadata(
  { start }: SessionFolder,
  path: string,
  isWhole: boolean,
  add: (track: string, offset: number) => void,
) {
  const dialect = await dialectOf(
    path,
    (cells) => (columnsOf(cells) ?? columnsOfCount(cells.length)) !== undefined,
  );
  let columns: Columns | undefined;
  let session: string | undefined;
  let rows = 0;
  const order = new StepsBack();
  const bad: number[] = [];
  const cells = new Set<string>();
  for await (const row of csvRows(path, dialect, { isWhole, onUnread: (line) => bad.push(line) })) {
    const header = columnsOf(row.cells);
    if (header) {
      columns = header;
      continue;
    }
    if (row.line === 1 && /^sep=/i.test(row.cells[0] ?? '')) continue;
    if (row.cells.every((cell) => cell === '')) continue;
    columns ??= columnsOfCount(row.cells.length);
    const detection = columns && detectionOf(columns, row.cells, start);
    if (!detection) {
      bad.push(row.line);
      continue;
    }
    rows += 1;
    for (const name of detection.unread) cells.add(`${name} in line ${row.line}`);
    session ??= detection.session;
    add(detection.track, row.offset);
    order.see(detection.taken, row.offset);
  }
  const isTable = columns !== undefined || (rows === 0 && bad.length === 0);
  const faults = [
    ...(bad.length ? [`${lines(bad)} cannot be read`] : []),
    ...(cells.size ? [`${some([...cells])} cannot be read`] : []),
  ];
  const why = isTable
    ? faults.join('; ') || undefined
    : 'this is no table of the trap: its columns are not known';
  return { table: { path, dialect, columns, order }, session, why };
}

export const lines = (numbers: readonly number[]): string => {
  const distinct = [...new Set(numbers)];
  return `${distinct.length === 1 ? 'line' : 'lines'} ${some(distinct)}`;
};

const SHOWN = 5;
const some = (values: readonly (string | number)[]): string =>
  values.length > SHOWN
    ? `${values.slice(0, SHOWN).join(', ')} and ${values.length - SHOWN} more`
    : values.join(', ');
