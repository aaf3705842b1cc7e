import { open, stat } from 'node:fs/promises';
import type { Detection } from './columns.js';
import { detectionOf } from './columns.js';
import { cropPaths, framePaths, ifThere } from './crop-files.js';
import { rowAt } from './csv-rows.js';
import type { SessionFolder } from './session-folder.js';
import type { SessionIndex, Track } from './session-index.js';
import { cropIdAt, type TakenAt, takenAt } from './taken-at.js';
import { unreadable } from './unreadable.js';

/** A crop of the trap: the file it is in, or the frame that it has to be cut from. */
export interface FoundCrop {
  readonly cropId: string;
  readonly taken: TakenAt;
  readonly path: string;
  /** Of the file; not known before it is cut. */
  readonly bytes?: number;
  readonly cut: boolean;
  /** What the metadata says of it, where it says something. */
  readonly detection?: Detection | undefined;
}

/** One run, with its crops in time order. */
export interface FoundRun {
  readonly trackId: string;
  readonly crops: readonly FoundCrop[];
  /** Rows that have neither a crop nor a frame. */
  readonly withoutPicture: number;
  /** Crops without a single byte: a power cut leaves them. */
  readonly empty: number;
}

/**
 * Reads what the session has of one track. Only one run is in memory at a time.
 *
 * @throws Unreadable
 */
export async function runOfTrack(
  folder: SessionFolder,
  index: SessionIndex,
  track: Track,
  mayCut: boolean,
): Promise<FoundRun> {
  const crops: FoundCrop[] = [];
  const lost = { withoutPicture: 0, empty: 0 };
  for (const detection of await detectionsOf(index, track)) {
    const crop =
      (await cropOf(detection, cropPaths(index.cropFolders, detection), lost)) ??
      (mayCut && detection.box ? await frameOf(folder, detection) : undefined);
    if (crop) crops.push(crop);
    else lost.withoutPicture += 1;
  }
  for (const { micros, path } of track.strays) {
    const bytes = (await look(path))?.size;
    if (bytes) crops.push({ cropId: cropIdAt(micros), taken: takenAt(micros), path, bytes, cut: false });
    else lost.empty += 1;
  }
  crops.sort((a, b) => a.taken.micros - b.taken.micros);
  return { trackId: track.id, crops, ...lost };
}

async function detectionsOf(
  { metadata, columns }: SessionIndex,
  { offsets }: Track,
): Promise<readonly Detection[]> {
  if (!metadata || !columns || !offsets.length) return [];
  const file = await open(metadata);
  try {
    const detections: Detection[] = [];
    for (const offset of offsets) {
      const detection = detectionOf(columns, await rowAt(file, offset));
      if (detection) detections.push(detection);
    }
    return detections;
  } finally {
    await file.close();
  }
}

async function cropOf(
  detection: Detection,
  paths: readonly string[],
  lost: { empty: number },
): Promise<FoundCrop | undefined> {
  for (const path of paths) {
    const bytes = (await look(path))?.size;
    if (bytes) return { ...idOf(detection), path, bytes, cut: false, detection };
    if (bytes === 0) lost.empty += 1;
  }
  return undefined;
}

async function frameOf(folder: SessionFolder, detection: Detection): Promise<FoundCrop | undefined> {
  for (const path of framePaths(folder.path, detection)) {
    const found = await look(path);
    if (found?.isFile() && found.size > 0) return { ...idOf(detection), path, cut: true, detection };
  }
  return undefined;
}

const idOf = ({ taken }: Detection) => ({ cropId: cropIdAt(taken.micros), taken });

const look = (path: string) => stat(path).catch(ifThere).catch(unreadable);
