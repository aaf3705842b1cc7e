import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { probeImage } from './probe.js';

type Made = 'jpeg' | 'progressive' | 'png' | 'webp' | 'lossless' | 'alpha';
const MADE: readonly Made[] = ['jpeg', 'progressive', 'png', 'webp', 'lossless', 'alpha'];
const images = {} as Record<Made, Buffer>;
/** Of a few hundred bytes each, so that every cut can be tried; one has a thumbnail inside. */
const small: Record<string, Buffer> = {};

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
  const tiny = () => sharp(pixels.subarray(0, 48 * 3 * 20), { raw: { width: 48, height: 20, channels: 3 } });
  small['jpeg'] = await tiny().jpeg({ quality: 40 }).toBuffer();
  small['progressive'] = await tiny().jpeg({ quality: 40, progressive: true }).toBuffer();
  small['thumbnail'] = withSegment(small['jpeg'], 0xe1, Buffer.concat([Buffer.from('Exif'), small['jpeg']]));
  small['png'] = await tiny().png().toBuffer();
  small['webp'] = await tiny().webp({ quality: 40 }).toBuffer();
  small['lossless'] = await tiny().webp({ lossless: true }).toBuffer();
  small['animated'] = await sharp(
    await sharp({
      create: { width: 40, height: 20, channels: 3, background: 'red', pageHeight: 10 },
    } as never)
      .gif()
      .toBuffer(),
    { animated: true },
  )
    .webp({ loop: 1 })
    .toBuffer();
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
    expect(probeImage(images[made])).toMatchObject({ format, width: 200, height: 150, truncated: false });
  });

  it.each<Made>(['jpeg', 'progressive', 'png', 'webp', 'lossless'])(
    'sees that a %s ends too early',
    (made) => {
      const half = images[made].subarray(0, images[made].length >> 1);
      expect(probeImage(half)).toMatchObject({ width: 200, height: 150, truncated: true });
    },
  );

  const behind: [what: string, tail: () => Buffer][] = [
    ['nothing', () => Buffer.alloc(0)],
    ['two zeros', () => Buffer.alloc(2)],
    ['32 KB of zeros', () => Buffer.alloc(32_768)],
    ['32 KB of 0xFF', () => Buffer.alloc(32_768, 0xff)],
    ['text', () => Buffer.from('SEFT and what else a phone keeps there'.repeat(200))],
    ['a further picture', () => images.jpeg],
    ['the beginning of a further picture', () => images.jpeg.subarray(0, 5000)],
  ];
  for (const [what, tail] of behind)
    it.each(MADE)(`finds the own end of a %s with ${what} behind it`, (made) => {
      const padded = Buffer.concat([images[made], tail()]);
      expect(probeImage(padded)).toMatchObject({ width: 200, height: 150, truncated: false });
    });

  it('sees that an end is missing wherever a picture was cut', () => {
    for (const [made, whole] of Object.entries(small)) {
      for (let bytes = 0; bytes < whole.length; bytes += 1) {
        const header = probeImage(whole.subarray(0, bytes));
        if (header) expect([made, bytes, header.truncated]).toEqual([made, bytes, true]);
      }
      expect([made, probeImage(whole)?.truncated]).toEqual([made, false]);
    }
  });

  // A WebP says how long it is, so there only decoding tells what was filled up.
  it.each([
    ['zeros', () => Buffer.alloc(8192)],
    ['another whole picture', () => images.jpeg],
  ])('sees that a JPEG or PNG was cut within its pixels, with %s behind it', (_what, tail) => {
    for (const made of ['jpeg', 'progressive', 'thumbnail', 'png'] as const) {
      const whole = small[made] as Buffer;
      const pixelsAt = made === 'png' ? whole.indexOf('IDAT') : whole.lastIndexOf(Buffer.from([0xff, 0xda]));
      for (let bytes = pixelsAt + 16; bytes < whole.length; bytes += 1) {
        const header = probeImage(Buffer.concat([whole.subarray(0, bytes), tail()]));
        expect([made, bytes, header?.truncated]).toEqual([made, bytes, true]);
      }
    }
  });

  it('takes comments and tables between the scans of a JPEG for part of it', () => {
    const at = images.progressive.lastIndexOf(Buffer.from([0xff, 0xda]));
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 6]), Buffer.from([0xff, 0xd9, 0xff, 0xd8])]);
    const parts = [images.progressive.subarray(0, at), comment, images.progressive.subarray(at)];
    expect(probeImage(Buffer.concat(parts))?.truncated).toBe(false);
    expect(probeImage(Buffer.concat(parts.slice(0, 2)))?.truncated).toBe(true);
  });

  it('counts the scans of a JPEG', () => {
    expect(probeImage(images.jpeg)?.passes).toBe(1);
    expect(probeImage(images.progressive)?.passes).toBeGreaterThan(5);
  });

  it.each([
    ['jpeg', 12_000],
    ['png', 12_000],
    ['webp', 8_000],
  ] as const)('knows how small a %s may be, and takes the smallest that is one', async (format, side) => {
    const flat = { create: { width: side, height: 1000, channels: 3, background: 'black' } } as const;
    const bytes = await sharp(flat)
      .toFormat(format, { quality: 1, compressionLevel: 9, effort: 1, progressive: format === 'jpeg' })
      .toBuffer();
    const leastBytes = probeImage(bytes)?.leastBytes ?? Number.NaN;
    expect(bytes.length).toBeGreaterThanOrEqual(leastBytes);
    expect(leastBytes).toBeGreaterThan(bytes.length / 20);
  });

  it('counts the filter of each row of a PNG', () => {
    const thin = Buffer.from(images.png);
    thin.writeUInt32BE(1, 16);
    thin.writeUInt32BE(39_999_999, 20);
    expect(probeImage(thin)?.leastBytes).toBe(Math.ceil((39_999_999 * 4) / 1032));
  });

  it('asks for the larger size where a canvas of a WebP and its picture differ', () => {
    const lying = Buffer.from(images.alpha);
    expect(lying.toString('latin1', 12, 16)).toBe('VP8X');
    lying.writeUIntLE(9, 24, 3);
    lying.writeUIntLE(9, 27, 3);
    expect(probeImage(lying)).toMatchObject({ width: 200, height: 150 });
  });

  it('reads the image and not the thumbnail inside it', async () => {
    const thumbnail = await sharp(images.jpeg).resize(16, 12).jpeg().toBuffer();
    const exif = Buffer.concat([Buffer.from('Exif\0\0MM\0*\0\0\0\x08'), thumbnail]);
    const image = withSegment(images.jpeg, 0xe1, exif);
    expect(probeImage(image)).toMatchObject({ format: 'jpg', width: 200, height: 150, truncated: false });
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
