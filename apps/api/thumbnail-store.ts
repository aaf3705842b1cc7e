import { ThumbnailStore } from '../../libs/images/index.js';
import { type ApiParts, PARTS } from './parts.js';

const DEFAULT_BYTES = 500_000_000;

/** The thumbnails of this process. A disk that has no room for crops has none for them either. */
export const thumbnailStore = {
  provide: ThumbnailStore,
  inject: [PARTS],
  useFactory: ({ dataDir, thumbnailBytes, reception }: ApiParts) =>
    new ThumbnailStore({
      dataDir,
      limitBytes: thumbnailBytes ?? DEFAULT_BYTES,
      mayWrite: () => reception?.closedBecause !== 'disk-full',
    }),
};
