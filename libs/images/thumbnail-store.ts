import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CropId } from '../domain/index.js';
import { readIfThere } from './files.js';
import { thumbnailPath, thumbnailsRoot } from './layout.js';
import { sweepOldest } from './sweep-oldest.js';
import { makeThumbnail, type ThumbnailSize } from './thumbnail.js';

/** So many are made at once: the classifier and the disk have other work. */
const AT_ONCE = 2;
const WAITING_AT_MOST = 200;
/** After a sweep so much of the limit is free, so that the next one is far. */
const SWEEP_TO = 0.8;
const JPEG_START = 0xffd8;
const JPEG_END = 0xffd9;

export interface ThumbnailStoreOptions {
  readonly dataDir: string;
  /** Above this the oldest are removed; they are made anew when somebody looks. */
  readonly limitBytes: number;
  /** False while nothing may be written, for instance where the disk is full: thumbnails are made all the same. */
  readonly mayWrite: () => boolean;
}

/** Too many thumbnails wait to be made. */
export class ThumbnailsBusyError extends Error {
  override readonly name = 'ThumbnailsBusyError';
}

/** Thumbnails, made when somebody looks for the first time, and kept on the disk within a limit. */
export class ThumbnailStore {
  private readonly root: string;
  private readonly making = new Map<string, Promise<Buffer>>();
  private readonly turns: (() => void)[] = [];
  private working = 0;
  /** Since the last sweep; before the first one nobody knows how much there is. */
  private writtenBytes = Number.POSITIVE_INFINITY;
  private sweeping?: Promise<void> | undefined;

  constructor(private readonly options: ThumbnailStoreOptions) {
    this.root = thumbnailsRoot(options.dataDir);
  }

  /** A thumbnail that was made before, or undefined. */
  async find(crop: CropId, size: ThumbnailSize): Promise<Buffer | undefined> {
    const bytes = await readIfThere(thumbnailPath(this.root, crop, size));
    return bytes && isWhole(bytes) ? bytes : undefined;
  }

  /**
   * Makes one and keeps it. Who asks for the same at the same time gets the same.
   *
   * @param original reads the bytes of the crop
   * @throws UndecodableImageError, ThumbnailsBusyError, and what `original` throws
   */
  make(crop: CropId, size: ThumbnailSize, original: () => Promise<Buffer>): Promise<Buffer> {
    const path = thumbnailPath(this.root, crop, size);
    const underWay = this.making.get(path);
    if (underWay) return underWay;
    const making = this.inTurn(async () => makeThumbnail(await original(), size))
      .then(async (bytes) => {
        await this.keep(path, bytes);
        return bytes;
      })
      .finally(() => this.making.delete(path));
    this.making.set(path, making);
    return making;
  }

  /** Resolves when a sweep that runs has come to its end. */
  async settled(): Promise<void> {
    await this.sweeping;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.turns.length >= WAITING_AT_MOST) throw new ThumbnailsBusyError('too many thumbnails wait');
    if (this.working >= AT_ONCE) await new Promise<void>((turn) => this.turns.push(turn));
    else this.working += 1;
    try {
      return await work();
    } finally {
      const next = this.turns.shift();
      if (next) next();
      else this.working -= 1;
    }
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

/** A power cut may leave a file without its bytes: nothing here is synced. */
const isWhole = (bytes: Buffer): boolean =>
  bytes.length > 4 &&
  bytes.readUInt16BE(0) === JPEG_START &&
  bytes.readUInt16BE(bytes.length - 2) === JPEG_END;
