import { Body, Controller, Get, Header, Inject, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import { Catalog } from '../../libs/database/index.js';
import { isTimeKnown, MINUTE_MS, offsetMinAt, type RunId, runKey } from '../../libs/domain/index.js';
import { MEDIA_TYPE, withoutMetadata } from '../../libs/store/index.js';
import {
  CurrentUser,
  type Identity,
  PrincipalResolver,
  Public,
  SignedUrls,
  seesTrap,
} from '../accounts/index.js';
import { CropStore, findCrop } from '../crops/index.js';
import { ApiDoc, file, iso, json, notFound, Problem } from '../http/index.js';
import { CONFIG } from '../platform/index.js';
import { findRun, firstCrops, RUN_PARAMS, RunsService } from '../runs/index.js';
import { Taxa } from '../taxa/index.js';
import { findTrap } from '../traps/index.js';
import { type SharedPicture, ShareLinks } from './share-links.js';
import { EXAMPLE_SHARED_LINK, EXAMPLE_SHARED_RUN, SHARE, SHARED_LINK, SHARED_RUN } from './sharing.schema.js';

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
  private readonly shares: ShareLinks;

  constructor(
    private readonly catalog: Catalog,
    private readonly runs: RunsService,
    private readonly store: CropStore,
    @Inject(CONFIG)
    private readonly config: Pick<Config, 'dataset' | 'publicUrl' | 'timeZone'>,
    urls: SignedUrls,
    private readonly callers: PrincipalResolver,
    private readonly taxa: Taxa,
  ) {
    this.shares = new ShareLinks(urls);
  }

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
  async share(
    @Param({ schema: RUN_PARAMS }) run: RunId,
    @Body({ schema: SHARE }) { expiresInS }: z.output<typeof SHARE>,
    @CurrentUser() caller: NonNullable<Identity['caller']>,
  ) {
    await this.runs.expect(run);
    const cropId = (await firstCrops(this.catalog.reader, [run])).get(runKey(run));
    if (cropId === undefined) throw new Problem(410, 'removed', 'No picture of this run is left.');
    const expiresAtMs = Math.ceil(Date.now() / 1000 + expiresInS) * 1000;
    const token = this.shares.create({
      crop: { ...run, cropId },
      signer: caller.signer,
      expiresAtMs,
    });
    const path = `/shared/${token}`;
    return { url: `${this.config.publicUrl ?? ''}${path}`, path, expiresAt: iso(expiresAtMs) };
  }

  @ApiDoc({
    tag: 'Reading',
    summary: 'A run that was shared',
    answers: { 200: json(SHARED_RUN, EXAMPLE_SHARED_RUN) },
    problems: [404, 503],
  })
  @Public(true)
  @Get('shared/:token')
  async show(@Param({ schema: TOKEN_PARAMS }) { token }: TokenParams): Promise<z.output<typeof SHARED_RUN>> {
    const { crop, expiresAtMs } = await this.open(token);
    const { catalog } = this;
    const { dataset, timeZone, publicUrl } = this.config;
    const run = await findRun(catalog.reader, crop);
    const picture = await findCrop(catalog.reader, crop);
    if (!run || !picture) throw gone();
    const trap = await findTrap(catalog.reader, crop.trapId);
    const zone = trap?.timeZone ?? timeZone;
    const atMs = run.placeMs;
    const offsetMin = run.startOffsetMin ?? offsetMinAt(Math.max(0, atMs), zone);
    const local = isTimeKnown(atMs) ? new Date(atMs + offsetMin * MINUTE_MS).toISOString() : undefined;
    const { label, taxon, model } = run;
    const names = (await this.taxa.read()).namesOf({ label, taxon, model });
    return {
      ...(label !== null && { label }),
      ...(taxon !== null && { taxon }),
      ...(names && { names }),
      uncertain: run.unsure === true,
      reviewed: run.reviewed,
      seenOn: local?.slice(0, 10) ?? null,
      seenAt: local?.slice(11, 16) ?? null,
      timeZone: zone,
      trap: trap?.name ?? null,
      credit: dataset.contributor ?? null,
      licence: dataset.mediaLicence ?? dataset.licence ?? null,
      image: `${publicUrl ?? ''}/api/v1/shared/${token}/image`,
      width: picture.width,
      height: picture.height,
      expiresAt: iso(expiresAtMs),
    };
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
    const { crop, expiresAtMs } = await this.open(token);
    const row = await findCrop(this.catalog.reader, crop);
    if (!row) throw gone();
    await this.store.expectPicture(row);
    const original = await this.store.open(row);
    response
      .set({
        'Content-Type': MEDIA_TYPE[row.format],
        'Cache-Control': `private, max-age=${Math.max(0, Math.floor((expiresAtMs - Date.now()) / 1000))}`,
      })
      .end(withoutMetadata(original, row.format));
  }

  /** @throws Problem 404 where the link has expired, is not one of ours, or its maker has no access any more */
  private async open(token: string): Promise<SharedPicture> {
    const shared = this.shares.read(token, Date.now());
    const signer = shared && (await this.callers.signer(shared.signer));
    if (!signer || !seesTrap(signer, shared.crop.trapId)) throw gone();
    return shared;
  }
}

const gone = (): Problem => notFound('This link has expired, or what it showed is not there any more.');
