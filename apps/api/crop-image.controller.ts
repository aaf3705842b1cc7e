import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { findCrop } from '../../libs/catalog/index.js';
import type { CropId } from '../../libs/domain/index.js';
import { MEDIA_TYPE } from '../../libs/images/index.js';
import { OpenToSignature } from './access.js';
import { byteRangeOf } from './byte-range.js';
import { type CropRow, readCrop } from './crop-bytes.js';
import { hasCopy } from './has-copy.js';
import { Documented, inParts } from './openapi/documented.js';
import { id, NO_PARAMETERS, onlyThese } from './parameters.js';
import { type ApiParts, PARTS } from './parts.js';
import { notFound } from './problem.js';
import { expectPicture } from './removed.js';

const CROP_PARAMS = onlyThese({ trapId: id(), runId: id(), cropId: id() });
/** The bytes of a crop never change: one look is enough. `private`, because they were given for a key. */
const FOR_EVER = 'private, max-age=31536000, immutable';

const IMAGE_TYPES = Object.values(MEDIA_TYPE);

/** The original bytes of a crop, byte for byte. */
@Controller('api/v1/runs/:trapId/:runId/crops')
export class CropImageController {
  constructor(@Inject(PARTS) private readonly parts: ApiParts) {}

  @Documented({
    tag: 'Reading',
    summary: 'The original picture, byte for byte',
    headers: {
      Range: { description: 'A part of it', example: 'bytes=0-1023' },
      'If-None-Match': { description: 'Its sha256 in quotes, where a copy is at hand', example: '"2b1f…"' },
    },
    answers: inParts(IMAGE_TYPES, 'The picture', { ETag: 'Its sha256 in quotes' }),
    problems: [410, 416, 503],
  })
  @OpenToSignature('picture')
  @Get(':cropId')
  async image(
    @Param({ schema: CROP_PARAMS }) crop: CropId,
    @Query({ schema: NO_PARAMETERS }) _none: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { catalog, dataDir } = this.parts;
    const row = await findCrop(catalog.reader, crop);
    if (!row) throw notFound(`There is no crop ${crop.cropId} of run ${crop.runId} of trap ${crop.trapId}.`);
    await expectPicture(catalog.reader, row);
    const etag = `"${row.sha256}"`;
    if (hasCopy(request, etag)) {
      response.set({ ETag: etag, 'Cache-Control': FOR_EVER }).status(304).end();
      return;
    }
    const range = byteRangeOf(request, row.bytes, etag);
    const { start, end } = range ?? { start: 0, end: row.bytes - 1 };
    const bytes = await readCrop(catalog, dataDir, crop, row);
    response.status(range ? 206 : 200).set({
      ETag: etag,
      ...headersOf(crop, row),
      'Content-Length': String(end - start + 1),
      ...(range && { 'Content-Range': `bytes ${start}-${end}/${row.bytes}` }),
    });
    response.end(request.method === 'HEAD' ? undefined : bytes.subarray(start, end + 1));
  }
}

const headersOf = ({ trapId, runId, cropId }: CropId, { format }: CropRow) => ({
  'Content-Type': MEDIA_TYPE[format],
  'Content-Disposition': `inline; filename="${trapId}_${runId}_${cropId}.${format}"`,
  'Cache-Control': FOR_EVER,
  'Accept-Ranges': 'bytes',
});
