import { draw } from '../../apps/simulator/drawing/draw.js';
import { DRAWN_KINDS } from '../../apps/simulator/drawing/drawn-kinds.js';
import { decodeImage } from '../../libs/classifier/pixels/decode.js';
import { fitImage } from '../../libs/classifier/pixels/fit.js';

export const SIDE = 48;
/** As the card says: `(value / 255 − mean) / std`. */
export const MEAN = 0.5;
export const STD = 0.25;
export const FIT = { geometry: 'stretch', resample: 'pil-bilinear' } as const;
const INPUT = { width: SIDE, height: SIDE, color: 'RGB' } as const;
const AREA = SIDE * SIDE;
const AT_ONCE = 8;

/** A drawing as the model sees it: 8 bits, [side, side, RGB]. */
export interface Example {
  readonly label: number;
  readonly pixels: Uint8Array;
}

/** Decodes and fits by the very code of the classifier: training and use see the same pixels. */
export async function seen(jpeg: Uint8Array): Promise<Uint8Array> {
  const pixels = new Uint8Array(AREA * 3);
  fitImage(await decodeImage(jpeg), INPUT, FIT, pixels);
  return pixels;
}

/**
 * As many drawings of every kind, each of another individual.
 *
 * @param set names the individuals: those of one set are in no other
 */
export async function drawExamples(set: string, perKind: number): Promise<Example[]> {
  const examples: Example[] = new Array(perKind * DRAWN_KINDS.length);
  let next = 0;
  const work = async () => {
    for (let i = next++; i < examples.length; i = next++) {
      const label = i % DRAWN_KINDS.length;
      const kind = DRAWN_KINDS[label]?.id as string;
      const jpeg = await draw({ kind, individual: `${set}-${i}`, pose: '1' });
      examples[i] = { label, pixels: await seen(jpeg) };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return examples;
}

/**
 * The numbers of the input, [RGB, side, side], turned and mirrored in one of eight ways: an insect from above has no
 * right way up.
 *
 * @param way 0 to 7; 0 = as it is
 */
export function inputOf(pixels: Uint8Array, way = 0): Float32Array {
  const input = new Float32Array(AREA * 3);
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const [a, b] = way & 4 ? [y, x] : [x, y];
      const from = ((way & 2 ? SIDE - 1 - b : b) * SIDE + (way & 1 ? SIDE - 1 - a : a)) * 3;
      for (let channel = 0; channel < 3; channel += 1)
        input[channel * AREA + y * SIDE + x] = ((pixels[from + channel] as number) / 255 - MEAN) / STD;
    }
  }
  return input;
}
