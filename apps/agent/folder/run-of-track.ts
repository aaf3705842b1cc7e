import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Detection, detectionOf } from './columns.js';
import { byTrust, ifThere, isPicture } from './crops/crop-files.js';
import { rowAt } from './csv-rows.js';
import { namedCrop } from './entry-names.js';
import type { SessionFolder } from './session-folder.js';
import { filePath, type SessionIndex, type Track } from './session-index.js';
import { cropIdAt, type TakenAt, takenAt } from './time/taken-at.js';
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
  /** Pictures without a row. */
  readonly withoutRow: number;
  /** What could not be read: path → why. */
  readonly unread: ReadonlyMap<string, string>;
}

/**
 * Reads what the session has of one track. Which crops there are is what the names of the files say, wherever they lie;
 * the tables add what the detector said of them, and what can be cut from frames. Only one run is in memory at a time.
 *
 * @throws Unreadable
 */
export async function runOfTrack(
  folder: SessionFolder,
  index: SessionIndex,
  track: Track,
  mayCut: boolean,
): Promise<FoundRun> {
  const files = filesOf(index, track);
  const unread = new Map<string, string>();
  const { rows, coarse } = await rowsOf(folder, index, track, files);
  if (coarse)
    unread.set(
      `${folder.name}, track ${track.id}`,
      `${coarse} rows have lost the fraction of their seconds, and do not say which picture they belong to`,
    );
  const crops: FoundCrop[] = [];
  let withoutPicture = 0;
  let withoutRow = 0;
  for (const micros of new Set([...files.keys(), ...rows.keys()])) {
    const detection = rows.get(micros);
    const paths = files.get(micros) ?? [];
    const crop = await cropOf(micros, paths, detection, index, mayCut, unread);
    if (crop) crops.push(crop);
    else if (!paths.length) withoutPicture += 1;
    if (paths.length && !detection) withoutRow += 1;
  }
  crops.sort((a, b) => a.taken.micros - b.taken.micros);
  return { trackId: track.id, crops, withoutPicture, withoutRow, unread };
}

function filesOf(index: SessionIndex, track: Track): Map<number, string[]> {
  const files = new Map<number, string[]>();
  for (const file of track.files) {
    const path = filePath(index, file);
    const micros = namedCrop(basename(path))?.taken.micros as number;
    files.set(micros, [...(files.get(micros) ?? []), path]);
  }
  return files;
}

/** The rows of a track by their time. Of several for one crop, in one table or in two, the first counts. */
async function rowsOf(
  folder: SessionFolder,
  index: SessionIndex,
  track: Track,
  files: ReadonlyMap<number, unknown>,
) {
  const rows = new Map<number, Detection>();
  const inexact: Detection[] = [];
  for (const detection of await detectionsOf(folder, index, track)) {
    const { micros, spanMicros } = detection.taken;
    if (spanMicros > 1 && !files.has(micros)) inexact.push(detection);
    else if (!rows.has(micros)) rows.set(micros, detection);
  }
  let coarse = 0;
  const free = [...files.keys()].filter((micros) => !rows.has(micros));
  for (const detection of inexact) {
    const inSpan = (micros: number) => isWithin(micros, detection);
    const possible = free.filter(inSpan);
    const [micros] = possible;
    const rivals = inexact.filter((other) => possible.some((each) => isWithin(each, other)));
    // One row and one picture belong together; anything else would be a guess.
    if (micros !== undefined && possible.length === 1 && rivals.length === 1) rows.set(micros, detection);
    else if (![...rows.keys()].some(inSpan)) coarse += 1;
  }
  return { rows, coarse };
}

/** Spreadsheets round or cut off, as they please. */
function isWithin(micros: number, { taken }: Detection): boolean {
  return micros >= taken.micros - taken.spanMicros / 2 && micros < taken.micros + taken.spanMicros;
}

async function detectionsOf(
  { start }: SessionFolder,
  { tables }: SessionIndex,
  { rows }: Track,
): Promise<readonly Detection[]> {
  const detections: Detection[] = [];
  for (const [number, { path, dialect, columns, order }] of tables.entries()) {
    const offsets = rows[number] ?? [];
    if (!columns || !offsets.length) continue;
    const file = await open(path);
    try {
      for (const offset of offsets) {
        const detection = detectionOf(columns, await rowAt(file, offset, dialect), start);
        if (detection) detections.push({ ...detection, row: { position: offset, step: order.only } });
      }
    } finally {
      await file.close();
    }
  }
  return detections;
}

/** Of several files for one crop the one that is a picture wins; then its frame; then whatever has bytes. */
async function cropOf(
  micros: number,
  paths: readonly string[],
  detection: Detection | undefined,
  { frames }: SessionIndex,
  mayCut: boolean,
  unread: Map<string, string>,
): Promise<FoundCrop | undefined> {
  const known = { cropId: cropIdAt(micros), taken: takenAt(micros), detection };
  let fallback: FoundCrop | undefined;
  let fault: unknown;
  const wrong: [string, string][] = [];
  for (const path of byTrust(paths)) {
    try {
      const found = await stat(path).catch(ifThere);
      if (!found?.isFile()) continue;
      const crop = { ...known, path, bytes: found.size, cut: false };
      if (found.size > 0 && (await isPicture(path))) return crop;
      wrong.push([path, found.size ? 'this is no picture' : 'this picture has no byte']);
      if (found.size > 0) fallback ??= crop;
    } catch (error) {
      fault ??= error;
    }
  }
  const frame = mayCut && detection?.box ? frames.get(micros) : undefined;
  const frameBytes = frame && (await stat(frame).catch(ifThere).catch(unreadable))?.size;
  if (frame && frameBytes) return { ...known, path: frame, cut: true };
  if (fault !== undefined) unreadable(fault);
  for (const [path, why] of wrong) unread.set(path, why);
  return fallback;
}
