import { opendir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Detection } from './columns.js';
import { readTakenAt, type TakenAt, takenAt } from './taken-at.js';

/** Where the versions put their crops, in a folder per label of the detector. */
const CROP_FOLDERS = ['crops', 'crop', 'cropped'];
const CROP_NAME =
  /^(?:.*_)?(\d{4}-?\d\d-?\d\d_\d\d-\d\d-\d\d[.-]\d{1,6})_(?:ID)?(\d{1,9})_crop(?:ped)?\.jpe?g$/i;

/** What the name of a crop's file says. */
export interface NamedCrop {
  readonly taken: TakenAt;
  readonly track: string;
}

/** @returns undefined where the file is no crop */
export function namedCrop(file: string): NamedCrop | undefined {
  const [, time, track] = CROP_NAME.exec(file) ?? [];
  const taken = time === undefined ? undefined : readTakenAt(time);
  return taken && track !== undefined ? { taken, track: String(Number(track)) } : undefined;
}

/** The folders of a session that hold crops. */
export async function cropFolders(session: string): Promise<string[]> {
  const folders: string[] = [];
  for (const name of CROP_FOLDERS)
    for await (const entry of entries(join(session, name)))
      if (entry.isDirectory()) folders.push(join(session, name, entry.name));
  return folders.sort();
}

/** Every crop of a folder by its name, in no order. */
export async function* cropsIn(folder: string): AsyncGenerator<NamedCrop & { readonly path: string }> {
  for await (const entry of entries(folder)) {
    const named = entry.isFile() ? namedCrop(entry.name) : undefined;
    if (named) yield { ...named, path: join(folder, entry.name) };
  }
}

/** Where the crop of a detection can be, the likeliest first. */
export function cropPaths(folders: readonly string[], detection: Detection): string[] {
  const { file, label, track, taken } = detection;
  const time = fileTime(taken);
  const frame = file?.replace(/\.[^.]*$/, '');
  const names = [
    ...(file && namedCrop(file) ? [file] : []),
    ...(frame && !namedCrop(file ?? '') ? [`${frame}_ID${track}_crop.jpg`] : []),
    `${time}_ID${track}_crop.jpg`,
    ...(detection.trap ? [`${detection.trap}_${time}_ID${track}_crop.jpg`] : []),
  ];
  const own = folders.filter((folder) => basename(folder) === label);
  return [...new Set(names)].flatMap((name) => own.map((folder) => join(folder, name)));
}

/** Where the frame of a detection can be. */
export function framePaths(session: string, { file, taken, trap }: Detection): string[] {
  const time = fileTime(taken);
  const names = [file && !namedCrop(file) ? file : undefined, `${time}.jpg`, trap && `${trap}_${time}.jpg`];
  return [...new Set(names.filter((name) => name !== undefined && name !== ''))].map((name) =>
    join(session, name as string),
  );
}

const fileTime = ({ micros }: TakenAt): string => takenAt(micros).at.replace('T', '_').replace(/[:.]/g, '-');

async function* entries(folder: string) {
  const opened = await opendir(folder).catch(ifThere);
  if (opened) yield* opened;
}

/** @throws anything but that there is no such file */
export function ifThere(error: unknown): undefined {
  if (!['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  return undefined;
}
