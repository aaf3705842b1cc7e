import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { probeImage } from './probe.js';

type Made = 'jpeg' | 'progressive' | 'png' | 'webp' | 'lossless' | 'alpha';
const images = {} as Record<Made, Buffer>;

beforeAll(async () => {
  // Noise, so that the pixels outweigh the headers.
  const pixels = Buffer.from(Uint8Array.from({ length: 200 * 150 * 3 }, (_, i) => (i * 7919) % 251));
  const image = () => sharp(pixels, { raw: { width: 200, height: 150, channels: 3 } });
  images.jpeg = await image().jpeg().toBuffer();
  images.progressive = await image().jpeg({ progressive: true }).toBuffer();
  images.png = await image().png().toBuffer();
  images.webp = await image().webp().toBuffer();
  images.lossless = await image().webp({ lossless: true }).toBuffer();
  images.alpha = await image().ensureAlpha(0.5).webp().toBuffer();
});

/** The JPEG with one more segment behind its start. */
const withSegment = (jpeg: Buffer, marker: number, content: Buffer) => {
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), header, content, jpeg.subarray(2)]);
};

describe('probeImage', () => {
  it.each<[Made, string]>([
    ['jpeg', 'jpg'],
    ['progressive', 'jpg'],
    ['png', 'png'],
    ['webp', 'webp'],
    ['lossless', 'webp'],
    ['alpha', 'webp'],
  ])('reads format and size of a %s', (made, format) => {
    expect(probeImage(images[made])).toEqual({ format, width: 200, height: 150, truncated: false });
  });

  it.each<Made>(['jpeg', 'progressive', 'png', 'webp', 'lossless'])(
    'sees that a %s ends too early',
    (made) => {
      const half = images[made].subarray(0, images[made].length >> 1);
      expect(probeImage(half)).toMatchObject({ width: 200, height: 150, truncated: true });
    },
  );

  it('takes what a camera pads behind the end', () => {
    const padded = Buffer.concat([images.jpeg, Buffer.alloc(2000)]);
    expect(probeImage(padded)).toMatchObject({ width: 200, truncated: false });
  });

  it('reads the image and not the thumbnail inside it', async () => {
    const thumbnail = await sharp(images.jpeg).resize(16, 12).jpeg().toBuffer();
    const exif = Buffer.concat([Buffer.from('Exif\0\0MM\0*\0\0\0\x08'), thumbnail]);
    const image = withSegment(images.jpeg, 0xe1, exif);
    expect(probeImage(image)).toEqual({ format: 'jpg', width: 200, height: 150, truncated: false });
    // Its end marker is not that of the image either.
    expect(probeImage(image.subarray(0, image.length - 1000))?.truncated).toBe(true);
    expect(probeImage(image.subarray(0, exif.length + 6))).toBeUndefined();
  });

  it('steps over fill bytes between the segments of a JPEG', () => {
    const filled = Buffer.concat([
      images.jpeg.subarray(0, 2),
      Buffer.alloc(9, 0xff),
      images.jpeg.subarray(2),
    ]);
    expect(probeImage(filled)).toMatchObject({ width: 200, height: 150 });
  });

  it('reads the size that a bomb announces, without unpacking it', () => {
    const bomb = Buffer.from(images.png);
    bomb.writeUInt32BE(10_000, 16);
    bomb.writeUInt32BE(6_000, 20);
    expect(probeImage(bomb)).toMatchObject({ format: 'png', width: 10_000, height: 6_000 });
  });

  it('refuses an image without pixels', () => {
    const empty = Buffer.from(images.png);
    empty.writeUInt32BE(0, 16);
    expect(probeImage(empty)).toBeUndefined();
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['two bytes', Buffer.from([0xff, 0xd8])],
    ['text', Buffer.from('a crop that somebody sent as text, not as an image')],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\0meta')],
    ['JPEG XL', Buffer.from('\0\0\0\x0cJXL \r\n\x87\n\0\0\0\0ftypjxl ', 'latin1')],
    [
      'a RIFF that is no WebP',
      Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x44\xac\0\0', 'latin1'),
    ],
    ['a WebP with an unknown chunk', Buffer.from(`RIFF\x24\0\0\0WEBPJXL ${'\0'.repeat(40)}`, 'latin1')],
  ])('refuses %s', (_what, bytes) => {
    expect(probeImage(bytes)).toBeUndefined();
  });

  it('refuses a GIF and an AVIF', async () => {
    expect(probeImage(await sharp(images.png).gif().toBuffer())).toBeUndefined();
    expect(probeImage(await sharp(images.png).resize(16).avif({ effort: 0 }).toBuffer())).toBeUndefined();
  });

  it('neither throws nor hangs, whatever is done to a header', () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const kinds = Object.values(images);
    for (let round = 0; round < 20_000; round++) {
      const image = kinds[round % kinds.length] as Buffer;
      const mutated = Buffer.from(image.subarray(0, random(image.length)));
      for (let change = 0; change <= random(8) && mutated.length; change++)
        mutated[random(Math.min(mutated.length, 700))] = random(2) ? random(256) : random(2) * 255;
      probeImage(mutated);
    }
  });

  // Whoever begins anew at each byte does not come to an end here.
  it.each([0xff, 0x00, 0xd0])('reads nothing but %p behind the start only once', (filler) => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(16_000_000, filler)]);
    expect(probeImage(bytes)).toBeUndefined();
  });
});
