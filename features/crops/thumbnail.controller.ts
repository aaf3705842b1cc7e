import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import type { Crop, CropId } from '../../libs/domain/index.js';
import {
  type ThumbnailSize,
  ThumbnailStore,
  ThumbnailsBusyError,
  UndecodableImageError,
} from '../../libs/store/index.js';
import { OpenToSignature } from '../accounts/index.js';
import { ApiDoc, described, empty, file, hasCopy, id, oneOf, Problem } from '../http/index.js';
import { CONFIG } from '../platform/index.js';
import { CropStore } from './crop-store.js';
import { CropsService } from './crops.service.js';

const CROP_PARAMS = z.object({ trapId: id(), runId: id(), cropId: id() });
const VERSION_ERROR = 'must be 1 to 40 of A-Z a-z 0-9 _ . -';
const SIZE_QUERY = z.object({
  v: described(
    z
      .string({ error: VERSION_ERROR })
      .regex(/^[\w.-]{1,40}$/, { error: VERSION_ERROR })
      .meta({ wire: { type: 'string', pattern: '^[\\w.-]{1,40}$' } }),
    'Part of the address only: with the version of the station in it, copies of an earlier version are not shown',
    '0.1.0',
  ).optional(),
  size: oneOf('64', '128', '256')
    .default('128')
    .meta({
      wire: {
        type: 'string',
        enum: ['64', '128', '256'],
        default: '128',
        description: 'Pixels of its longer side',
      },
    }),
});

/** Small pictures for lists and dashboards. */
@Controller('api/v1/runs/:trapId/:runId/crops')
export class ThumbnailController {
  constructor(
    private readonly crops: CropsService,
    private readonly store: CropStore,
    private readonly thumbnails: ThumbnailStore,
    @Inject(CONFIG) private readonly config: Pick<Config, 'access'>,
  ) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'A small JPEG of the picture',
    description:
      'Made when somebody looks for the first time. It stands upright, and what the camera wrote into the original is not in it. ' +
      'A picture smaller than that stays as small as it is. Of a picture that was removed, the thumbnail may still be there.',
    headers: {
      'If-None-Match': { description: 'The ETag of a copy that is at hand', example: '"2b1f…-128"' },
    },
    answers: {
      200: file('image/jpeg', 'The thumbnail', { headers: { ETag: 'Changes with picture and size' } }),
      304: empty('The copy is good for ever'),
    },
    problems: [422, 503],
  })
  @OpenToSignature('thumbnail')
  @Get(':cropId/thumbnail')
  async thumbnail(
    @Param({ schema: CROP_PARAMS }) id: CropId,
    @Query({ schema: SIZE_QUERY }) query: z.output<typeof SIZE_QUERY>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const size = Number(query.size) as ThumbnailSize;
    const crop = await this.crops.expect(id);
    const etag = `"${crop.sha256}-${size}"`;
    const lasting = { ETag: etag, 'Cache-Control': this.forEver };
    if (hasCopy(request, etag)) {
      response.set(lasting).status(304).end();
      return;
    }
    const bytes = (await this.thumbnails.find(crop, size)) ?? (await this.make(crop, size));
    response.set({ ...lasting, 'Content-Type': 'image/jpeg', 'Content-Length': String(bytes.length) });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  /** The bytes of a crop never change, and so its thumbnail does not. */
  private get forEver(): string {
    const whose = this.config.access.publicThumbnails ? 'public' : 'private';
    return `${whose}, max-age=31536000, immutable`;
  }

  private async make(crop: Crop, size: ThumbnailSize): Promise<Buffer> {
    await this.store.expectPicture(crop);
    return this.thumbnails
      .make(crop, size, () => this.store.open(crop))
      .catch((error: unknown) => {
        if (error instanceof UndecodableImageError)
          throw new Problem(
            422,
            'undecodable',
            `Crop ${crop.cropId} gives no picture: its bytes cannot be decoded.`,
          );
        if (error instanceof ThumbnailsBusyError)
          throw new Problem(503, 'busy', 'Too many thumbnails are asked for at once; try again.', {
            headers: { 'Retry-After': '2' },
          });
        throw error;
      });
  }
}
