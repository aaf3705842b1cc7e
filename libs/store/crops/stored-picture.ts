import { createHash } from 'node:crypto';
import { close, closeSync, constants, fstatSync, open, openSync, read, readSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { CropId } from '../../domain/index.js';
import type { JournalOffset } from '../journal/journal.js';
import { type ImageFormat, journalFolder, picturePath } from './layout.js';

/** Where a picture lies. */
interface PictureLocation extends CropId {
  readonly format: ImageFormat;
  /** The day of its run. */
  readonly day: string;
  /** In the journal, where it has no plain file yet. */
  readonly place: JournalOffset | undefined;
}

/** What its bytes must be. */
type Promised = { readonly bytes: number } & (
  | { readonly sha256: string }
  /** Of a picture in the list of an archive. */
  | { readonly sha256?: undefined; readonly crc32: number }
);

/** A picture that the catalog promises. */
export type StoredPicture = PictureLocation & Promised;

/** `damaged`: something lies there, and it is not this picture. */
export type PictureState = 'whole' | 'missing' | 'damaged';

/** Never waits: a pipe in the place of a picture must not hold up the thread. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;
/** The file or a folder above it is not there. */
const NOT_THERE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);
/** What lies there is no file, or the disk cannot read it. Any other failure says nothing of the picture. */
const UNREADABLE: ReadonlySet<string | undefined> = new Set([
  'EISDIR',
  'ELOOP',
  'ENXIO',
  'EIO',
  'EBADMSG',
  'EAGAIN',
  'ESPIPE',
]);

const isPicture = (found: Uint8Array, promised: Promised): boolean =>
  found.length === promised.bytes &&
  (promised.sha256 === undefined
    ? crc32(found) === promised.crc32
    : createHash('sha256').update(found).digest('hex') === promised.sha256);

/**
 * Whether the bytes of a picture are on the disk, by their SHA-256. The journal counts as well as the plain file: a picture
 * is in both while it is being filed. Holds up the thread for as long as the disk takes.
 *
 * @throws where that cannot be said, for instance since too many files are open
 */
export function pictureState(dataDir: string, picture: StoredPicture): PictureState {
  const states = placesOf(dataDir, picture).map(({ path, position }) => stateAt(path, position, picture));
  return (
    states.find((state) => state === 'whole') ?? states.find((state) => state === 'damaged') ?? 'missing'
  );
}

/**
 * The bytes of a picture, compared with its checksum: from the journal or its plain file.
 *
 * @returns why there are none, otherwise
 * @throws as {@link pictureState}
 */
export async function readPicture(
  dataDir: string,
  picture: StoredPicture,
): Promise<Buffer | Exclude<PictureState, 'whole'>> {
  let state: Exclude<PictureState, 'whole'> = 'missing';
  for (const { path, position } of placesOf(dataDir, picture)) {
    const found = await readPictureFile(path, picture, position);
    if (typeof found !== 'string') return found;
    if (found === 'damaged') state = found;
  }
  return state;
}

/** The same from one file, wherever it lies. @param position of the first byte, where the file holds more than the picture */
export async function readPictureFile(
  path: string,
  picture: Promised,
  position?: number,
): Promise<Buffer | Exclude<PictureState, 'whole'>> {
  const found = await readAt(path, position, picture.bytes).catch(stateOfFailure);
  return typeof found === 'string' || isPicture(found, picture) ? found : 'damaged';
}

/** The journal first: what is there no longer has a plain file, which was durable before. */
function placesOf(dataDir: string, picture: PictureLocation) {
  const file = {
    path: picturePath(dataDir, picture),
    position: undefined,
  };
  const { place } = picture;
  if (!place) return [file];
  return [{ path: join(journalFolder(dataDir), place.segment), position: place.position }, file];
}

function stateAt(path: string, position: number | undefined, picture: StoredPicture): PictureState {
  try {
    const file = openSync(path, FLAGS);
    try {
      if (position === undefined && !isFileOf(fstatSync(file), picture.bytes)) return 'damaged';
      const found = Buffer.allocUnsafe(picture.bytes);
      const read = readSync(file, found, 0, picture.bytes, position ?? 0);
      return isPicture(found.subarray(0, read), picture) ? 'whole' : 'damaged';
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return stateOfFailure(error as NodeJS.ErrnoException);
  }
}

/**
 * Callbacks: for ten thousands of small files a FileHandle each costs more than the reading.
 *
 * @returns fewer bytes where there are no more, and more where a plain file is longer
 */
function readAt(path: string, position: number | undefined, bytes: number): Promise<Buffer> {
  const length = position === undefined ? bytes + 1 : bytes;
  return new Promise((resolve, reject) => {
    open(path, FLAGS, (failure, file) => {
      if (failure) return reject(failure);
      const buffer = Buffer.allocUnsafeSlow(length);
      read(file, buffer, 0, length, position ?? 0, (error, found) => {
        close(file, () => (error ? reject(error) : resolve(buffer.subarray(0, found))));
      });
    });
  });
}

const isFileOf = (found: { isFile(): boolean; readonly size: number }, bytes: number): boolean =>
  found.isFile() && found.size === bytes;

function stateOfFailure(error: NodeJS.ErrnoException): 'missing' | 'damaged' {
  if (NOT_THERE.has(error.code)) return 'missing';
  if (UNREADABLE.has(error.code)) return 'damaged';
  throw error;
}
