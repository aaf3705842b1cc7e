import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ThumbnailStore } from '../../libs/store/index.js';
import { type ApiParts, PARTS } from '../http/index.js';

const DEFAULT_BYTES = 500_000_000;

/** The thumbnails of this process. A disk that has no room for crops has none for them either. */
@Injectable()
class Thumbnails extends ThumbnailStore implements OnApplicationShutdown {
  constructor(@Inject(PARTS) { dataDir, thumbnailBytes, thumbnailProgram, reception }: ApiParts) {
    super({
      dataDir,
      limitBytes: thumbnailBytes ?? DEFAULT_BYTES,
      mayWrite: () => reception?.closedBecause !== 'disk-full',
      ...(thumbnailProgram && { program: thumbnailProgram }),
    });
  }

  onApplicationShutdown(): void {
    this.close();
  }
}

export const thumbnailStore = { provide: ThumbnailStore, useClass: Thumbnails };
