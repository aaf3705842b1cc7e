import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import type { Crop, CropId } from '../../libs/domain/index.js';
import { MEDIA_TYPE } from '../../libs/store/index.js';
import { CurrentUser, getsOriginals, OpenToSignature, type Principal } from '../accounts/index.js';
import { ApiDoc, byteRangeOf, hasCopy, id, rangeable } from '../http/index.js';
import { CONFIG } from '../platform/index.js';
import { CropStore } from './crop-store.js';
import { CropsService } from './crops.service.js';

const CROP_PARAMS = z.object({ trapId: id(), runId: id(), cropId: id() });
/** The bytes of a crop never change: one look is enough. `private`, because they were given for a key. */
const FOR_EVER = 'private, max-age=31536000, immutable';

const IMAGE_TYPES = Object.values(MEDIA_TYPE);

/** The bytes of a crop: the original for editors, and the same without its metadata for others. */
@Controller('api/v1/runs/:trapId/:runId/crops')
export class CropImageController {
  constructor(
    private readonly crops: CropsService,
    private readonly store: CropStore,
    @Inject(CONFIG) private readonly config: Pick<Config, 'access'>,
  ) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'The picture',
    description:
      'Byte for byte as the trap sent it, for editors. Viewers and signed links get the same picture without its metadata (EXIF with GPS, ' +
      'XMP, IPTC, texts, maker notes): they are blanked where they stand, so that its size and CRC-32 are those of the original, ' +
      'and its ETag is another one. A picture without metadata is the same for all.',
    headers: {
      Range: { description: 'A part of it', example: 'bytes=0-1023' },
      'If-None-Match': { description: 'The ETag of a copy that is at hand', example: '"2b1f…"' },
    },
    answers: rangeable(IMAGE_TYPES, 'The picture', {
      ETag: 'Its sha256 in quotes; of the original with `-bare` behind it where metadata were taken out',
    }),
    problems: [416, 503],
  })
  @OpenToSignature('picture')
  @Get(':cropId')
  async image(
    @Param({ schema: CROP_PARAMS }) id: CropId,
    @CurrentUser() user: Principal | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const crop = await this.crops.expectPicture(id);
    const isOriginal = getsOriginals(user, this.config.access);
    const bare = isOriginal ? undefined : await this.crops.withoutMetadata(crop);
    const etag = bare ? `"${crop.sha256}-bare"` : `"${crop.sha256}"`;
    if (hasCopy(request, etag)) {
      response.set({ ETag: etag, 'Cache-Control': FOR_EVER }).status(304).end();
      return;
    }
    const range = byteRangeOf(request, crop.bytes, etag);
    const { start, end } = range ?? { start: 0, end: crop.bytes - 1 };
    const bytes = bare ? bare.subarray(start, end + 1) : await this.store.open(crop, range);
    response.status(range ? 206 : 200).set({
      ETag: etag,
      ...headersOf(crop),
      'Content-Length': String(end - start + 1),
      ...(range && { 'Content-Range': `bytes ${start}-${end}/${crop.bytes}` }),
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }
}

const headersOf = ({ trapId, runId, cropId, format }: Crop) => ({
  'Content-Type': MEDIA_TYPE[format],
  'Content-Disposition': `inline; filename="${trapId}_${runId}_${cropId}.${format}"`,
  'Cache-Control': FOR_EVER,
  'Accept-Ranges': 'bytes',
});
