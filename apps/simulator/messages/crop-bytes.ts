import { createHash } from 'node:crypto';
import type { Pictures } from '../pictures/pictures.js';
import { Random } from '../random.js';
import type { Crop, Run } from '../season/season.js';

/** A crop with the bytes that the trap has of it. */
export interface CropBytes {
  readonly crop: Crop;
  /** What its manifest says, and what is stored unless they are no image. */
  readonly bytes: Buffer;
  /** Under the same id, from another moment. */
  readonly other?: Buffer | undefined;
  readonly sha256: string;
}

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** The pictures of a run, damaged where its crops are. */
export async function cropBytes(run: Run, pictures: Pictures): Promise<CropBytes[]> {
  const individual = `${run.trapId}/${run.runId}`;
  return Promise.all(
    run.crops.map(async (crop) => {
      const of = (pose: string) => pictures.of({ kind: run.kind, individual, pose });
      const bytes = damaged(crop, await of(crop.cropId), individual);
      const hasOther = crop.damage === 'other-bytes-first' || crop.damage === 'other-bytes-later';
      const other = hasOther ? unlike(bytes, await of(`${crop.cropId} again`)) : undefined;
      return { crop, bytes, other, sha256: sha256(bytes) };
    }),
  );
}

function damaged({ damage, cropId }: Crop, picture: Buffer, individual: string): Buffer {
  if (damage === 'zeros') return Buffer.alloc(picture.length);
  if (damage !== 'truncated') return picture;
  const share = new Random('truncated', individual, cropId).between(0.5, 0.9);
  return picture.subarray(0, Math.floor(picture.length * share));
}

/** Where the same file was picked again, a byte behind its end makes the difference. */
const unlike = (bytes: Buffer, other: Buffer): Buffer =>
  bytes.equals(other) ? Buffer.concat([other, Buffer.alloc(1)]) : other;
