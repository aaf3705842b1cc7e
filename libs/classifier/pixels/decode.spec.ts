import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { decodeImage, UndecodableError } from './decode.js';
import type { RgbImage } from './image.js';

const jpeg = readFileSync(new URL('../golden/200.jpg', import.meta.url));
const orange = { r: 220, g: 120, b: 20 };

function canvas(width = 9, height = 7): Sharp {
  return sharp({ create: { width, height, channels: 3, background: orange } });
}

function middle({ width, height, pixels }: RgbImage): number[] {
  const at = (Math.floor(height / 2) * width + Math.floor(width / 2)) * 3;
  return [...pixels.subarray(at, at + 3)];
}

describe('decoding', () => {
  it.each([
    ['JPEG', () => canvas().jpeg({ chromaSubsampling: '4:4:4', quality: 100 })],
    ['progressive JPEG', () => canvas().jpeg({ progressive: true, quality: 100 })],
    ['CMYK JPEG', () => canvas().toColourspace('cmyk').jpeg({ quality: 100 })],
    ['PNG', () => canvas().png()],
    ['PNG with a palette', () => canvas().png({ palette: true })],
    ['PNG of 16 bits', () => canvas().toColourspace('rgb16').png()],
    ['WebP', () => canvas().webp({ lossless: true })],
  ])('gives the colours of a %s', async (kind, make) => {
    const image = await decodeImage(await make().toBuffer());
    expect([image.width, image.height, image.pixels.length]).toEqual([9, 7, 9 * 7 * 3]);
    const tolerance = kind === 'CMYK JPEG' ? 40 : 3;
    middle(image).forEach((value, i) => {
      expect(Math.abs(value - (Object.values(orange)[i] as number))).toBeLessThanOrEqual(tolerance);
    });
  });

  it('drops alpha without blending', async () => {
    const background = { ...orange, alpha: 0.2 };
    const png = await sharp({ create: { width: 4, height: 4, channels: 4, background } })
      .png()
      .toBuffer();
    expect(middle(await decodeImage(png))).toEqual([220, 120, 20]);
  });

  it('makes grey images grey in all three channels', async () => {
    const grey = canvas().toColourspace('b-w');
    for (const bytes of [await grey.clone().png().toBuffer(), await grey.clone().jpeg().toBuffer()]) {
      const image = await decodeImage(bytes);
      expect(image.pixels.length).toBe(9 * 7 * 3);
      expect(new Set(middle(image)).size).toBe(1);
    }
  });

  it('does not turn an image by its EXIF orientation', async () => {
    const turned = await canvas(8, 4).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const image = await decodeImage(turned);
    expect([image.width, image.height]).toEqual([8, 4]);
  });

  it('gives what there is of a truncated JPEG', async () => {
    const whole = await decodeImage(jpeg);
    const part = await decodeImage(jpeg.subarray(0, jpeg.length / 2));
    expect([part.width, part.height]).toEqual([200, 200]);
    expect(part.pixels.subarray(0, 200 * 3 * 40)).toEqual(whole.pixels.subarray(0, 200 * 3 * 40));
  });

  it('decodes rightly after any number of damaged images', async () => {
    const whole = await decodeImage(jpeg);
    for (let cut = 3; cut < 400; cut += 7) await decodeImage(jpeg.subarray(0, cut)).catch(() => {});
    const holes = Buffer.from(jpeg);
    for (let at = 200; at < holes.length; at += 97) holes[at] = 0xff;
    await decodeImage(holes).catch(() => {});
    expect((await decodeImage(jpeg)).pixels).toEqual(whole.pixels);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('this is not an image')],
    ['the mere start of a JPEG', jpeg.subarray(0, 20)],
  ])('refuses %s', async (_, bytes) => {
    await expect(decodeImage(bytes)).rejects.toThrow(UndecodableError);
  });

  it('refuses more than 40 megapixels by the header alone', async () => {
    const huge = Buffer.from(jpeg);
    const frame = huge.indexOf(Buffer.from([0xff, 0xc0]));
    huge.writeUInt16BE(60_000, frame + 5);
    huge.writeUInt16BE(60_000, frame + 7);
    await expect(decodeImage(huge)).rejects.toThrow('more than 40 megapixels');
  });
});
