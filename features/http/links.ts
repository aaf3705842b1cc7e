import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../libs/config/index.js';
import type { CropId, RunId } from '../../libs/domain/index.js';
import { CONFIG } from '../platform/index.js';
import { publicAddress } from './public-address.js';

/** The URLs of resources. Ids need no escaping in a URL. */
@Injectable()
export class Links {
  private readonly base: string;

  constructor(@Inject(CONFIG) { publicUrl }: Partial<Pick<Config, 'publicUrl'>>) {
    this.base = `${publicUrl ?? ''}/api/v1`;
  }

  trap(trapId: string): string {
    return `${this.base}/traps/${trapId}`;
  }

  deployment(trapId: string, deploymentId: string): string {
    return `${this.trap(trapId)}/deployments/${deploymentId}`;
  }

  runsOf(trapId: string): string {
    return `${this.base}/runs?trap=${trapId}`;
  }

  run({ trapId, runId }: RunId): string {
    return `${this.base}/runs/${trapId}/${runId}`;
  }

  /** Where a trap without MQTT sends what is said of a run. */
  sending({ trapId, runId }: RunId): { readonly end: string; readonly receipt: string } {
    const run = `${this.trap(trapId)}/runs/${runId}`;
    return { end: `${run}/end`, receipt: `${run}/receipt` };
  }

  /** All pictures of a run as an archive. */
  imagesOf(run: RunId): string {
    return `${this.run(run)}/images.zip`;
  }

  crop(crop: CropId): string {
    return `${this.run(crop)}/crops/${crop.cropId}`;
  }

  thumbnail(crop: CropId): string {
    return `${this.crop(crop)}/thumbnail`;
  }

  deadLetter(id: string): string {
    return `${this.base}/dead-letters/${id}`;
  }

  model(key: string): string {
    return `${this.base}/models/${key}`;
  }
}

/** Links in files that are read elsewhere: paths if the public URL leads nowhere from there. */
@Injectable()
export class FileLinks extends Links {
  constructor(@Inject(CONFIG) { publicUrl }: Pick<Config, 'publicUrl'>) {
    super({ publicUrl: publicAddress(publicUrl) });
  }
}
