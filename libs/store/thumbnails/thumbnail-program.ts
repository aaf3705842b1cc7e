import { serveJobs } from '../../jobs/index.js';
import { makeThumbnail, type ThumbnailSize } from './thumbnail.js';

/** The program of the processes that decode pictures for thumbnails. */
export interface ThumbnailJob {
  readonly bytes: Uint8Array;
  readonly size: ThumbnailSize;
}

serveJobs(({ bytes, size }: ThumbnailJob) => makeThumbnail(Buffer.from(bytes), size));
