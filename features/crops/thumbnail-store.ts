import { Inject, Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import type { Config } from '../../libs/config/index.js';
import { ThumbnailStore } from '../../libs/store/index.js';
import { Reception } from '../http/index.js';
import { CONFIG } from '../platform/index.js';

/** Token of the compiled program that makes thumbnails; by default the one of this build. */
export const THUMBNAIL_PROGRAM = Symbol('THUMBNAIL_PROGRAM');

/** The thumbnails of this process. A disk that has no room for crops has none for them either. */
@Injectable()
export class Thumbnails extends ThumbnailStore implements OnApplicationShutdown {
  constructor(
    @Inject(CONFIG) { dataDir, limits }: Pick<Config, 'dataDir' | 'limits'>,
    @Optional() reception?: Reception,
    @Optional() @Inject(THUMBNAIL_PROGRAM) program?: URL,
  ) {
    super({
      dataDir,
      limitBytes: limits.thumbnailBytes,
      mayWrite: () => reception?.closedBecause !== 'disk-full',
      ...(program && { program }),
    });
  }

  onApplicationShutdown(): void {
    this.close();
  }
}
