import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Config } from '../../libs/config/index.js';
import {
  type Crop,
  isTimeKnown,
  MINUTE_MS,
  offsetMinAt,
  type RunId,
  runKey,
} from '../../libs/domain/index.js';
import { withoutMetadata } from '../../libs/store/index.js';
import { PrincipalResolver, SignedUrls, seesTrap } from '../accounts/index.js';
import { CropStore, CropsService } from '../crops/index.js';
import { iso, notFound, Problem } from '../http/index.js';
import { CONFIG } from '../platform/index.js';
import { RunsRepository, RunsService } from '../runs/index.js';
import { Taxa } from '../taxa/index.js';
import { type SharedPicture, ShareLinks } from './share-links.js';
import { SharingRepository } from './sharing.repository.js';
import type { SHARED_LINK, SHARED_RUN } from './sharing.schema.js';

@Injectable()
export class SharingService {
  private readonly shares: ShareLinks;

  constructor(
    private readonly repository: SharingRepository,
    private readonly runs: RunsService,
    private readonly runsRepository: RunsRepository,
    private readonly crops: CropsService,
    private readonly store: CropStore,
    @Inject(CONFIG) private readonly config: Pick<Config, 'dataset' | 'publicUrl' | 'timeZone'>,
    urls: SignedUrls,
    private readonly principals: PrincipalResolver,
    private readonly taxa: Taxa,
  ) {
    this.shares = new ShareLinks(urls);
  }

  /**
   * @param signer whose access the link ends with
   * @throws Problem 404; 410 if the run was deleted for good, or none of its pictures is left
   */
  async share(run: RunId, expiresInS: number, signer: string): Promise<z.output<typeof SHARED_LINK>> {
    await this.runs.expect(run);
    const cropId = (await this.runsRepository.firstCrops([run])).get(runKey(run));
    if (cropId === undefined) throw new Problem(410, 'removed', 'No picture of this run is left.');
    const expiresAtMs = Math.ceil(Date.now() / 1000 + expiresInS) * 1000;
    const token = this.shares.create({ crop: { ...run, cropId }, signer, expiresAtMs });
    const path = `/shared/${token}`;
    return { url: `${this.config.publicUrl ?? ''}${path}`, path, expiresAt: iso(expiresAtMs) };
  }

  /** @throws Problem 404 */
  async describe(token: string): Promise<z.output<typeof SHARED_RUN>> {
    const { crop: id, expiresAtMs } = await this.open(token);
    const shared = await this.repository.find(id);
    if (!shared) throw gone();
    const { run, crop, trap } = shared;
    const { dataset, timeZone, publicUrl } = this.config;
    const zone = trap?.timeZone ?? timeZone;
    const offsetMin = run.startOffsetMin ?? offsetMinAt(Math.max(0, run.placeMs), zone);
    const local = isTimeKnown(run.placeMs)
      ? new Date(run.placeMs + offsetMin * MINUTE_MS).toISOString()
      : undefined;
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
      width: crop.width,
      height: crop.height,
      expiresAt: iso(expiresAtMs),
    };
  }

  /**
   * The picture without its metadata.
   *
   * @throws Problem 404; as `CropStore.open`
   */
  async picture(
    token: string,
  ): Promise<{ readonly bytes: Buffer; readonly format: Crop['format']; readonly expiresAtMs: number }> {
    const { crop: id, expiresAtMs } = await this.open(token);
    const crop = await this.crops.find(id);
    if (!crop) throw gone();
    const { format } = crop;
    return { bytes: withoutMetadata(await this.store.open(crop), format), format, expiresAtMs };
  }

  /** @throws Problem 404 if the link has expired, is not one of ours, or its maker has no access any more */
  private async open(token: string): Promise<SharedPicture> {
    const shared = this.shares.read(token, Date.now());
    const signer = shared && (await this.principals.signer(shared.signer));
    if (!signer || !seesTrap(signer, shared.crop.trapId)) throw gone();
    return shared;
  }
}

const gone = (): Problem => notFound('This link has expired, or what it showed is not there any more.');
