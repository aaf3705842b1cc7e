import { type Columns, columnsOf, columnsOfCount, detectionOf } from './columns.js';
import { cropFolders, cropsIn } from './crop-files.js';
import { csvRows } from './csv-rows.js';
import { firstThere, metadataPaths, type SessionFolder } from './session-folder.js';

/** One track of a session, as little of it as finds the rest again: a day can have a hundred thousand crops. */
export interface Track {
  readonly id: string;
  /** Where its rows begin in the metadata, in their order. */
  readonly offsets: number[];
  /** Crops of which the metadata has no row: it was lost, or not written any more. */
  readonly strays: Stray[];
}

export interface Stray {
  readonly micros: number;
  readonly path: string;
}

/** What a session's folder holds. */
export interface SessionIndex {
  /** The counter of the session; undefined where no row says it. */
  readonly session: string | undefined;
  /** In the order in which they were first seen. */
  readonly tracks: readonly Track[];
  readonly metadata: string | undefined;
  readonly columns: Columns | undefined;
  readonly cropFolders: readonly string[];
  /** Lines that could not be read. */
  readonly badRows: number;
  readonly strays: number;
}

export async function indexSession(folder: SessionFolder): Promise<SessionIndex> {
  const metadata = await firstThere(metadataPaths(folder));
  const folders = await cropFolders(folder.path);
  const tracks = new Map<string, Track>();
  const known = new Map<string, Set<number>>();
  const trackOf = (id: string): Track => {
    const track = tracks.get(id) ?? { id, offsets: [], strays: [] };
    if (!tracks.has(id)) tracks.set(id, track);
    return track;
  };
  const isNew = (id: string, micros: number): boolean => {
    const times = known.get(id) ?? new Set();
    known.set(id, times);
    const before = times.size;
    return times.add(micros).size > before;
  };

  const rows = metadata ? await readMetadata(metadata, trackOf, isNew) : undefined;
  let strays = 0;
  for (const cropFolder of folders)
    for await (const { track, taken, path } of cropsIn(cropFolder)) {
      if (!isNew(track, taken.micros)) continue;
      trackOf(track).strays.push({ micros: taken.micros, path });
      strays += 1;
    }
  return {
    session: rows?.session,
    tracks: [...tracks.values()],
    metadata,
    columns: rows?.columns,
    cropFolders: folders,
    badRows: rows?.badRows ?? 0,
    strays,
  };
}

async function readMetadata(
  path: string,
  trackOf: (id: string) => Track,
  isNew: (id: string, micros: number) => boolean,
) {
  let columns: Columns | undefined;
  let session: string | undefined;
  let badRows = 0;
  for await (const { cells, offset } of csvRows(path)) {
    const header = columnsOf(cells);
    if (header) {
      columns = header;
      continue;
    }
    columns ??= columnsOfCount(cells.length);
    const detection = columns && detectionOf(columns, cells);
    if (!detection) {
      badRows += 1;
      continue;
    }
    session ??= detection.session;
    const id = String(Number(detection.track));
    if (isNew(id, detection.taken.micros)) trackOf(id).offsets.push(offset);
  }
  return { columns, session, badRows };
}
