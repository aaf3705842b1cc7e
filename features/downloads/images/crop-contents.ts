import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { CropId } from '../../../libs/domain/index.js';
import {
  type ListedFile,
  type PictureId,
  pictureOfArchiveName,
  withoutMetadata,
  type ZipEntry,
} from '../../../libs/store/index.js';
import { CropStore } from '../../crops/index.js';
import { LOG } from '../../platform/index.js';

const LOST =
  'This picture is not here: retention has removed it since the list of this archive was made, or its file is lost or damaged. On the server, npm run trapline -- doctor says more.\n';

/** Tells of the name of an entry which picture it is. */
export type PlaceOf = (name: string) => PictureId | Promise<PictureId>;

/** The entries of archives with pictures. */
@Injectable()
export class CropContents {
  constructor(
    private readonly store: CropStore,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  /**
   * @param originals false = without metadata, which leaves the size and the checksum as they are
   * @param placeOf which crop an entry is, where its name does not say so as `archiveName` does
   */
  entry(file: ListedFile, originals: boolean, placeOf: PlaceOf = pictureOfArchiveName): ZipEntry {
    return {
      ...file,
      read: async () => {
        const picture = file.picture ?? (await placeOf(file.name));
        const bytes = await this.read(file, picture);
        return originals ? bytes : withoutMetadata(bytes, picture.format);
      },
    };
  }

  private async read({ bytes, crc32 }: ListedFile, { crop, day, format }: PictureId): Promise<Buffer> {
    const found = await this.store.read({ ...crop, day, format, bytes, crc32, place: undefined });
    return typeof found === 'string' ? this.lost(crop, bytes) : found;
  }

  /**
   * Retention has removed it, or its file was lost or has other bytes. Everything behind it in the archive keeps its place, and the
   * checksum, which is the picture's, does not fit: every program that unpacks names this entry, and unpacks the rest.
   */
  private lost(crop: CropId, bytes: number): Buffer {
    this.log.warn(
      { ...crop },
      'a picture of a download is gone or damaged: npm run trapline -- doctor says more',
    );
    const filler = Buffer.alloc(bytes);
    filler.write(LOST);
    return filler;
  }
}
