import type { CropId, RunId } from '../../libs/domain/index.js';

/** Where things are found. Ids need no escaping in a URL. */
export class Links {
  private readonly base: string;

  constructor(publicUrl: string | undefined) {
    this.base = `${publicUrl ?? ''}/api/v1`;
  }

  trap(trapId: string): string {
    return `${this.base}/traps/${trapId}`;
  }

  runsOf(trapId: string): string {
    return `${this.base}/runs?trap=${trapId}`;
  }

  run({ trapId, runId }: RunId): string {
    return `${this.base}/runs/${trapId}/${runId}`;
  }

  crop(crop: CropId): string {
    return `${this.run(crop)}/crops/${crop.cropId}`;
  }

  deadLetter(id: string): string {
    return `${this.base}/dead-letters/${id}`;
  }
}
