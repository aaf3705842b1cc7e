import { describe, expect, it } from '@jest/globals';
import type { ModelCard } from '../card/card.js';
import { fitImage } from './fit.js';
import type { RgbImage } from './image.js';

type Fit = Pick<ModelCard['preprocess'], 'geometry' | 'resample' | 'shorterSide'>;

// Red grows from left to right, green from top to bottom, by 4 per pixel; blue stays.
function ramp(width: number, height: number): RgbImage {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels.set([x * 4, y * 4, 50], (y * width + x) * 3);
  }
  return { width, height, pixels };
}

function fitted(
  image: RgbImage,
  preprocess: Fit,
  color: 'RGB' | 'BGR' = 'RGB',
): (x: number, y: number) => number[] {
  const into = new Uint8Array(8 * 8 * 3);
  fitImage(image, { width: 8, height: 8, color }, preprocess, into);
  return (x, y) => [...into.subarray((y * 8 + x) * 3, (y * 8 + x) * 3 + 3)];
}

describe.each(['cv2-linear', 'pil-bilinear'] as const)('fitting with %s', (resample) => {
  it('keeps an image that already has the size', () => {
    const pixel = fitted(ramp(8, 8), { geometry: 'stretch', resample });
    expect(pixel(7, 3)).toEqual([28, 12, 50]);
  });

  it('stretches both sides to the size, whatever the aspect', () => {
    const pixel = fitted(ramp(32, 16), { geometry: 'stretch', resample });
    expect(pixel(4, 4)[0]).toBeGreaterThan(2 * 4 * 16 * 0.5);
    expect(pixel(4, 4)[1]).toBeLessThan(pixel(4, 4)[0] as number);
  });

  it('crops the centre before it resizes', () => {
    const pixel = fitted(ramp(24, 8), { geometry: 'centre-crop', resample });
    expect(pixel(0, 0)).toEqual([8 * 4, 0, 50]);
    expect(pixel(7, 7)).toEqual([15 * 4, 28, 50]);
  });

  it('crops the centre after it has resized the shorter side', () => {
    const pixel = fitted(ramp(12, 10), { geometry: 'shorter-side-centre-crop', resample, shorterSide: 10 });
    expect(pixel(0, 0)).toEqual([2 * 4, 1 * 4, 50]);
  });

  it('pads a letterbox with grey', () => {
    const pixel = fitted(ramp(8, 4), { geometry: 'letterbox', resample });
    expect(pixel(0, 0)).toEqual([114, 114, 114]);
    expect(pixel(5, 2)).toEqual([20, 0, 50]);
    expect(pixel(0, 7)).toEqual([114, 114, 114]);
  });

  it('turns red and blue round for models that want BGR', () => {
    expect(fitted(ramp(8, 8), { geometry: 'stretch', resample }, 'BGR')(7, 3)).toEqual([50, 12, 28]);
  });

  it('does not change the image that it was given', () => {
    const image = ramp(8, 8);
    fitted(image, { geometry: 'stretch', resample }, 'BGR');
    expect(image).toEqual(ramp(8, 8));
  });
});
