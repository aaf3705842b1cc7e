import { randomBytes } from 'node:crypto';
import sharp from 'sharp';

/** Pixels a side: from 100 to 400, as crops of a trap are. */
const sideOf = (i: number): number => 100 + ((i * 37) % 301);
/** Coarser grain makes smaller files; this one gives about 28 KB at 250 pixels. */
const PIXELS_PER_GRAIN = 6.8;

/**
 * JPEGs like those of a trap: 4:2:0, quality 95, 100 to 400 pixels a side, about 28 KB in the mean.
 *
 * @param count how many different ones
 */
export async function trapCrops(count: number): Promise<Buffer[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const side = sideOf(i);
      // Noise of a coarser grain than pixels: neither flat nor incompressible, as fur and flowers are.
      const grain = Math.round(side / PIXELS_PER_GRAIN);
      const noise = sharp(randomBytes(grain * grain * 3), {
        raw: { width: grain, height: grain, channels: 3 },
      });
      return noise
        .resize(side, side, { kernel: 'cubic' })
        .jpeg({ quality: 95, chromaSubsampling: '4:2:0' })
        .toBuffer();
    }),
  );
}

export const meanBytes = (crops: readonly Buffer[]): number =>
  Math.round(crops.reduce((sum, crop) => sum + crop.length, 0) / crops.length);

/** The bytes of a crop with a comment of their own, so that no two that are sent are the same. */
export function unlike(jpeg: Buffer, mark: number): Buffer {
  const comment = Buffer.from([0xff, 0xfe, 0, 6, 0, 0, 0, 0]);
  comment.writeUInt32BE(mark, 4);
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
}
