import { createHash } from 'node:crypto';
import { Controller, Param, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { CropId } from '../../libs/domain/index.js';
import { CurrentUser, MinRole, type Principal } from '../accounts/index.js';
import { ApiDoc, json, Links } from '../http/index.js';
import { expectOwnTrap } from './rejection-problem.js';
import { EXAMPLE_TAKEN_CROP, SENT_CROP, TAKEN_CROP } from './sending.schema.js';
import { SentMessages } from './sent-messages.js';

/** Crops of traps without MQTT. */
@MinRole('device')
@Controller('api/v1/traps/:trapId/runs/:runId/crops')
export class CropSendingController {
  constructor(
    private readonly links: Links,
    private readonly sent: SentMessages,
  ) {}

  @ApiDoc({
    tag: 'Sending',
    summary: 'Send a crop',
    description:
      'The bytes of one JPEG, PNG or WebP as the body; its `Content-Type` does not matter. Answered when they are durable. ' +
      'Whatever is refused is kept as a dead letter, with its code as the `type` of the problem.',
    body: {
      mediaType: 'image/jpeg',
      description: 'One image, 1 MiB at most unless the service is set otherwise',
    },
    answers: {
      200: json(TAKEN_CROP, EXAMPLE_TAKEN_CROP, { description: 'The same bytes were there before' }),
      201: json(TAKEN_CROP, EXAMPLE_TAKEN_CROP, {
        description: 'Stored',
        headers: { Location: 'Where the crop is found' },
      }),
    },
    problems: [409, 413, 415, 422, 501, 503, 507],
  })
  @Put(':cropId')
  async crop(
    @Param({ schema: SENT_CROP }) crop: CropId,
    @CurrentUser() user: Principal,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    const { trapId, runId, cropId } = crop;
    expectOwnTrap(user, trapId);
    const { bytes, received } = await this.sent.take(request, {
      kind: 'crop',
      ids: crop,
      client: user.name,
    });
    const self = this.links.crop(crop);
    response.status(received === 'stored' ? 201 : 200);
    if (received === 'stored') response.set('Location', self);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { trapId, runId, cropId, bytes: bytes.length, sha256, links: { self } };
  }
}
