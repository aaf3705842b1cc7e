import { randomBytes } from 'node:crypto';
import { mkdir, opendir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type CropId, cropKey } from '../../domain/index.js';
import { JobLimitError, JobPool, JobsBusyError } from '../../jobs/index.js';
import { readIfThere } from '../crops/files.js';
import { thumbnailPath, thumbnailsRoot } from '../crops/layout.js';
import { type ThumbnailSize, UNDECODABLE, UndecodableImageError } from './thumbnail.js';
import type { ThumbnailJob } from './thumbnail-program.js';

const PROGRAM = new URL('./thumbnail-program.js', import.meta.url);
/** Of one trap two are made at once, and one more of another: the classifier and the disk have other work. */
const PROCESSES = 3;
/** A picture that nothing could be made of at such a price is not tried again soon, however often somebody looks. */
const GIVEN_UP_MS = 3_600_000;
const GIVEN_UP_AT_MOST = 10_000;
/** After a sweep so much of the limit is free, so that the next one is far. */
const SWEEP_TO = 0.8;

/** A crop, and the SHA-256 of its bytes. */
interface PictureOf extends CropId {
  readonly sha256: string;
}

interface ThumbnailStoreOptions {
  readonly dataDir: string;
  /** Above this the oldest are removed; they are made anew when somebody looks. */
  readonly limitBytes: number;
  /** False while nothing may be written, for instance where the disk is full: thumbnails are made all the same. */
  readonly mayWrite: () => boolean;
  /** The compiled thumbnail-program.js; default: the one beside this file. */
  readonly program?: URL;
}

/** Too many thumbnails wait to be made. */
export class ThumbnailsBusyError extends Error {
  override readonly name = 'ThumbnailsBusyError';
}

/**
 * Thumbnails, made when somebody looks for the first time, and kept on the disk within a limit. Pictures are decoded in
 * processes of their own: what one does to its decoder touches neither the service nor, for long, the others.
 *
 * Whoever opens it closes it.
 */
export class ThumbnailStore {
  private readonly root: string;
  private readonly making = new Map<string, Promise<Buffer>>();
  private readonly jobs: JobPool<ThumbnailJob, Uint8Array>;
  /** Paths without their size, and until when. */
  private readonly givenUp = new Map<string, number>();
  /** Since the last sweep; before the first one nobody knows how much there is. */
  private writtenBytes = Number.POSITIVE_INFINITY;
  private sweeping?: Promise<void> | undefined;

  constructor(private readonly options: ThumbnailStoreOptions) {
    this.root = thumbnailsRoot(options.dataDir);
    this.jobs = new JobPool({
      program: options.program ?? PROGRAM,
      processes: PROCESSES,
    });
  }

  /** A thumbnail that was made before, or undefined. */
  async find(crop: PictureOf, size: ThumbnailSize): Promise<Buffer | undefined> {
    const kept = await readIfThere(thumbnailPath(this.root, crop, size));
    return kept && unsealed(kept, crop.sha256);
  }

  /**
   * Makes one and keeps it. Who asks for the same at the same time gets the same.
   *
   * @param original reads the bytes of the crop
   * @throws UndecodableImageError, ThumbnailsBusyError, and what `original` throws
   */
  make(crop: PictureOf, size: ThumbnailSize, original: () => Promise<Buffer>): Promise<Buffer> {
    const path = thumbnailPath(this.root, crop, size);
    const underWay = this.making.get(path);
    if (underWay) return underWay;
    const making = this.decode(crop, size, original)
      .then(async (bytes) => {
        await this.keep(path, sealed(bytes, crop.sha256));
        return bytes;
      })
      .finally(() => this.making.delete(path));
    this.making.set(path, making);
    return making;
  }

  /** Ends the processes; what waits is rejected. */
  close(): void {
    this.jobs.close();
  }

  /** Resolves when a sweep that runs has come to its end. */
  async settled(): Promise<void> {
    await this.sweeping;
  }

  private async decode(crop: CropId, size: ThumbnailSize, original: () => Promise<Buffer>): Promise<Buffer> {
    const key = cropKey(crop);
    if ((this.givenUp.get(key) ?? 0) > Date.now())
      throw new UndecodableImageError('the image cost too much to decode a while ago');
    try {
      const made = await this.jobs.run(async () => ({ bytes: await original(), size }), crop.trapId);
      return Buffer.from(made.buffer, made.byteOffset, made.byteLength);
    } catch (error) {
      if (error instanceof JobsBusyError) throw new ThumbnailsBusyError('too many thumbnails wait');
      if (error instanceof JobLimitError) this.giveUp(key);
      if (error instanceof JobLimitError || (error as { code?: string }).code === UNDECODABLE)
        throw new UndecodableImageError('the image cannot be decoded', { cause: error });
      throw error;
    }
  }

  private giveUp(key: string): void {
    const [oldest] = this.givenUp.keys();
    if (oldest !== undefined && this.givenUp.size >= GIVEN_UP_AT_MOST) this.givenUp.delete(oldest);
    this.givenUp.set(key, Date.now() + GIVEN_UP_MS);
  }

  /** Under another name first: nobody ever reads a half one. What cannot be kept is made again at the next look. */
  private async keep(path: string, bytes: Buffer): Promise<void> {
    if (!this.options.mayWrite()) return;
    const half = `${path}.${randomBytes(6).toString('hex')}.half`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(half, bytes);
      await rename(half, path);
    } catch {
      await rm(half, { force: true }).catch(() => {});
    }
    this.writtenBytes += bytes.length;
    if (this.writtenBytes > this.options.limitBytes * (1 - SWEEP_TO)) this.sweep();
  }

  private sweep(): void {
    if (this.sweeping) return;
    this.writtenBytes = 0;
    const { limitBytes } = this.options;
    this.sweeping = sweepOldest(this.root, limitBytes, limitBytes * SWEEP_TO)
      .catch(() => {})
      .finally(() => {
        this.sweeping = undefined;
      });
  }
}

// A power cut may leave a file without its bytes, since nothing here is synced: behind the JPEG stands of which original it
// was made, and a checksum.
const ORIGINAL_BYTES = 16;
const SEAL_BYTES = ORIGINAL_BYTES + 4;

function sealed(jpeg: Buffer, sha256: string): Buffer {
  const content = Buffer.concat([jpeg, Buffer.from(sha256, 'hex').subarray(0, ORIGINAL_BYTES)]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content));
  return Buffer.concat([content, sum]);
}

/** @returns undefined where it is not what was kept, or of another original */
function unsealed(kept: Buffer, sha256: string): Buffer | undefined {
  if (kept.length <= SEAL_BYTES) return undefined;
  const content = kept.subarray(0, -4);
  if (crc32(content) !== kept.readUInt32BE(content.length)) return undefined;
  const original = content.subarray(-ORIGINAL_BYTES);
  return original.toString('hex') === sha256.slice(0, 2 * ORIGINAL_BYTES)
    ? kept.subarray(0, -SEAL_BYTES)
    : undefined;
}

interface Found {
  readonly path: string;
  readonly bytes: number;
  readonly changedAtMs: number;
}

/**
 * Removes the oldest files under a folder where all together are larger than `limitBytes`, until they are no larger
 * than `toBytes`; and folders that are empty then. Files that come or go meanwhile do not disturb it.
 */
async function sweepOldest(root: string, limitBytes: number, toBytes: number): Promise<void> {
  const files = await filesUnder(root);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= limitBytes) return;
  files.sort((a, b) => a.changedAtMs - b.changedAtMs);
  for (const file of files) {
    if (bytes <= toBytes) break;
    await rm(file.path, { force: true });
    bytes -= file.bytes;
  }
  await removeEmpty(root);
}

async function filesUnder(folder: string): Promise<Found[]> {
  const found: Found[] = [];
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const known = await stat(path).catch(() => undefined);
    if (known) found.push({ path, bytes: known.size, changedAtMs: known.mtimeMs });
  }
  return found;
}

async function removeEmpty(folder: string): Promise<void> {
  for await (const entry of await opendir(folder)) {
    if (!entry.isDirectory()) continue;
    const inner = join(folder, entry.name);
    await removeEmpty(inner);
    // One that is not empty stays.
    await rmdir(inner).catch(() => {});
  }
}
