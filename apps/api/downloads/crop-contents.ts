import type { Logger } from 'pino';
import { type Catalog, placeInInbox } from '../../../libs/catalog/index.js';
import type { CropId } from '../../../libs/domain/index.js';
import {
  cropOfArchiveName,
  cropPath,
  imagesRoot,
  journalFolder,
  type ListedFile,
  readEntries,
  readExactly,
  type ZipEntry,
} from '../../../libs/images/index.js';

const LOST =
  'This picture is not here: retention has removed it since the list of this archive was made, or its file is lost. On the server, npm run trapline -- doctor says more.\n';

type ArchivedCrop = ReturnType<typeof cropOfArchiveName>;
/** Tells of the name of an entry which crop it is. */
export type PlaceOf = (name: string) => ArchivedCrop | Promise<ArchivedCrop>;

/** The bytes of crops, wherever they lie by now. */
export class CropContents {
  constructor(
    private readonly catalog: Catalog,
    private readonly dataDir: string,
    private readonly log: Logger,
  ) {}

  /** @param placeOf which crop an entry is, where its name does not say so as `archiveName` does */
  entry(file: ListedFile, placeOf: PlaceOf = cropOfArchiveName): ZipEntry {
    return { ...file, read: () => this.read(file, placeOf) };
  }

  private async read({ name, bytes }: ListedFile, placeOf: PlaceOf): Promise<Buffer> {
    const { crop, day, format } = await placeOf(name);
    const path = cropPath(imagesRoot(this.dataDir), crop, day, format);
    return (
      (await readExactly(path, bytes)) ??
      (await this.inInbox(crop, bytes)) ??
      // It has left the inbox meanwhile; its file was there before it did.
      (await readExactly(path, bytes)) ??
      this.lost(crop, bytes)
    );
  }

  private async inInbox(crop: CropId, bytes: number): Promise<Buffer | undefined> {
    const place = await placeInInbox(this.catalog.reader, crop);
    if (!place) return undefined;
    return (await readEntries(journalFolder(this.dataDir), [{ ...place, bytes }]))[0];
  }

  /**
   * Retention has removed it, or its file was lost. Everything behind it in the archive keeps its place, and the
   * checksum, which is the picture's, does not fit: every program that unpacks names this entry, and unpacks the rest.
   */
  private lost(crop: CropId, bytes: number): Buffer {
    this.log.warn({ ...crop }, 'a picture of a download is gone: npm run trapline -- doctor says more');
    const filler = Buffer.alloc(bytes);
    filler.write(LOST);
    return filler;
  }
}
