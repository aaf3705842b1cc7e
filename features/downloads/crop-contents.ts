import { crc32 } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import type { CropId } from '../../libs/domain/index.js';
import {
  cropPath,
  imagesRoot,
  journalFolder,
  type ListedFile,
  type PictureId,
  pictureOfArchiveName,
  readEntries,
  readExactly,
  withoutMetadata,
  type ZipEntry,
} from '../../libs/store/index.js';
import { placeInInbox } from '../crops/index.js';
import { CONFIG, LOG } from '../platform/index.js';

const LOST =
  'This picture is not here: retention has removed it since the list of this archive was made, or its file is lost or damaged. On the server, npm run trapline -- doctor says more.\n';

/** Tells of the name of an entry which picture it is. */
export type PlaceOf = (name: string) => PictureId | Promise<PictureId>;

/** The bytes of crops, wherever they lie by now. */
@Injectable()
export class CropContents {
  constructor(
    private readonly catalog: Catalog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataDir'>,
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

  private async read({ bytes, crc32: sum }: ListedFile, { crop, day, format }: PictureId): Promise<Buffer> {
    const path = cropPath(imagesRoot(this.config.dataDir), crop, day, format);
    const rightOnly = (found: Buffer | undefined) => (found && crc32(found) === sum ? found : undefined);
    return (
      rightOnly(await readExactly(path, bytes)) ??
      rightOnly(await this.inInbox(crop, bytes)) ??
      // It has left the inbox meanwhile; its file was there before it did.
      rightOnly(await readExactly(path, bytes)) ??
      this.lost(crop, bytes)
    );
  }

  private async inInbox(crop: CropId, bytes: number): Promise<Buffer | undefined> {
    const place = await placeInInbox(this.catalog.reader, crop);
    if (!place) return undefined;
    return (await readEntries(journalFolder(this.config.dataDir), [{ ...place, bytes }]))[0];
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
