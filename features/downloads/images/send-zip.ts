import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { byteRangeOf, hasCopy } from '../../http/index.js';

/** A body whose length is known and of which any part can be had: `StoredZip` is one. */
interface ZipBody {
  readonly length: number;
  /** Both included. */
  bytes(start: number, end: number): AsyncIterable<Buffer>;
}

interface ZipAnswer {
  readonly zip: ZipBody;
  /** Strong, with its quotation marks: the same tag for the same bytes, for ever. */
  readonly etag: string;
  /** As `fileName` makes it. */
  readonly fileName: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** True = the client must not get a part, because it has the first part of other bytes. */
  readonly wholeOnly?: boolean;
}

/**
 * Answers with an archive, or with the part of it that is asked for: HEAD, `Range`, `If-Range` and `If-None-Match`.
 * It is read no faster than the client takes it; when the client goes away, reading stops.
 *
 * @throws Problem 416 where the range lies beyond the end
 * @throws what reading throws; the connection is broken off then, because its status is out already
 */
export async function sendZip(request: Request, response: Response, answer: ZipAnswer): Promise<void> {
  const { zip, etag, fileName } = answer;
  response.set({ ETag: etag, ...answer.headers });
  if (hasCopy(request, etag)) {
    response.status(304).end();
    return;
  }
  const range = answer.wholeOnly ? undefined : byteRangeOf(request, zip.length, etag);
  const { start, end } = range ?? { start: 0, end: zip.length - 1 };
  response.status(range ? 206 : 200).set({
    'Content-Type': 'application/zip',
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'Content-Length': String(end - start + 1),
    'Accept-Ranges': 'bytes',
    ...(range && { 'Content-Range': `bytes ${start}-${end}/${zip.length}` }),
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  await pipeline(zip.bytes(start, end), response).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}
