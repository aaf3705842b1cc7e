import { Body, Controller, Get, Header, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import type { RunId } from '../../libs/domain/index.js';
import { MEDIA_TYPE } from '../../libs/store/index.js';
import { CurrentUser, type Identity, Public } from '../accounts/index.js';
import { ApiDoc, file, json } from '../http/index.js';
import { RUN_PARAMS } from '../runs/index.js';
import { EXAMPLE_SHARED_LINK, EXAMPLE_SHARED_RUN, SHARE, SHARED_LINK, SHARED_RUN } from './sharing.schema.js';
import { SharingService } from './sharing.service.js';

const TOKEN_PARAMS = z.object({
  token: z
    .string()
    .max(1000, { error: 'must be the end of a link that was shared' })
    .meta({ wire: { type: 'string', examples: ['c2hhcmVkL21lYWRvdy0x'] } }),
});
type TokenParams = z.output<typeof TOKEN_PARAMS>;

/** Shows one visit to somebody who has no account: its picture and its caption, without ids, place or metadata. */
@Controller('api/v1')
export class SharingController {
  constructor(private readonly sharing: SharingService) {}

  @ApiDoc({
    tag: 'Reading',
    summary: 'Share a run',
    description:
      'A link to a page with its picture and caption, for people without an account. It ends after seven days, or after `expiresInS` seconds (31 days at most), or when its maker loses access.',
    body: { example: { expiresInS: 604_800 } },
    answers: { 201: json(SHARED_LINK, EXAMPLE_SHARED_LINK) },
    problems: [410],
  })
  @Post('runs/:trapId/:runId/share')
  @Header('Cache-Control', 'no-store')
  share(
    @Param({ schema: RUN_PARAMS }) run: RunId,
    @Body({ schema: SHARE }) { expiresInS }: z.output<typeof SHARE>,
    @CurrentUser() user: NonNullable<Identity['caller']>,
  ) {
    return this.sharing.share(run, expiresInS, user.signer);
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'A run that was shared',
    answers: { 200: json(SHARED_RUN, EXAMPLE_SHARED_RUN) },
    problems: [404, 503],
  })
  @Public(true)
  @Get('shared/:token')
  show(@Param({ schema: TOKEN_PARAMS }) { token }: TokenParams) {
    return this.sharing.describe(token);
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'The picture of a run that was shared',
    answers: { 200: file(Object.values(MEDIA_TYPE), 'The picture without its metadata') },
    problems: [404, 410, 503],
  })
  @Public(true)
  @Get('shared/:token/image')
  async image(
    @Param({ schema: TOKEN_PARAMS }) { token }: TokenParams,
    @Res() response: Response,
  ): Promise<void> {
    const { bytes, format, expiresAtMs } = await this.sharing.picture(token);
    response
      .set({
        'Content-Type': MEDIA_TYPE[format],
        'Cache-Control': `private, max-age=${Math.max(0, Math.floor((expiresAtMs - Date.now()) / 1000))}`,
      })
      .end(bytes);
  }
}
