import { crc32 } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp, { type Sharp } from 'sharp';
import { probeImage } from '../pictures/probe.js';
import { namesPlace, withoutMetadata } from './without-metadata.js';

const noise = Buffer.from(Uint8Array.from({ length: 60 * 40 * 3 }, (_, i) => (i * 7919) % 251));
const picture = () => sharp(noise, { raw: { width: 60, height: 40, channels: 3 } });
const PLACE = '47/1 39/1 31/1';
const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="47,39.5N"/></rdf:RDF></x:xmpmeta>';
/** What must be found nowhere. */
const TRACES = ['Secret', 'GPSLatitude', 'xmpmeta', 'Serial', 'meadow behind'];

const noted = (orientation = 6): Sharp =>
  picture()
    .withIccProfile('p3')
    .withExif({ IFD0: { Artist: 'Secret Person' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: PLACE } })
    .withXmp(XMP)
    .withMetadata({ orientation });

const segment = (marker: number, content: Buffer | string): Buffer => {
  const body = Buffer.from(content as string);
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};
const chunk = (type: string, content: string): Buffer => {
  const body = Buffer.from(type + content, 'latin1');
  const [head, tail] = [Buffer.alloc(4), Buffer.alloc(4)];
  head.writeUInt32BE(content.length);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
};

type Kind = 'jpg' | 'png' | 'webp';
const made: Record<string, [Kind, Buffer]> = {};
beforeAll(async () => {
  const jpeg = await noted().jpeg().toBuffer();
  const progressive = await noted().jpeg({ progressive: true }).toBuffer();
  const lastScan = progressive.lastIndexOf(Buffer.from([0xff, 0xda]));
  const png = await noted().png().toBuffer();
  const webp = await noted().webp().toBuffer();
  Object.assign(made, {
    jpeg: ['jpg', jpeg],
    'jpeg with IPTC, comments and a maker note': [
      'jpg',
      Buffer.concat([
        jpeg.subarray(0, 2),
        segment(0xed, 'Photoshop 3.0\0 Secret town'),
        segment(0xfe, 'the meadow behind the barn'),
        segment(0xef, 'Serial 123'),
        jpeg.subarray(2),
      ]),
    ],
    'jpeg with a comment between its scans': [
      'jpg',
      Buffer.concat([
        progressive.subarray(0, lastScan),
        segment(0xfe, 'the meadow behind'),
        progressive.subarray(lastScan),
      ]),
    ],
    'jpeg with another picture behind it': ['jpg', Buffer.concat([await picture().jpeg().toBuffer(), jpeg])],
    'jpeg that was cut off, with another behind it': ['jpg', Buffer.concat([jpeg.subarray(0, -200), jpeg])],
    png: ['png', png],
    'png with texts of its own': [
      'png',
      Buffer.concat([
        png.subarray(0, 33),
        chunk('tEXt', 'Comment\0the meadow behind'),
        chunk('prVt', 'Serial 123'),
        png.subarray(33),
        Buffer.from('Secret'),
      ]),
    ],
    'png with a text whose checksum is wrong': [
      'png',
      Buffer.concat([
        png.subarray(0, 33),
        chunk('tEXt', 'Comment\0Secret').subarray(0, -4),
        Buffer.from([1, 2, 3, 4]),
        png.subarray(33),
      ]),
    ],
    webp: ['webp', webp],
    'webp with something behind it': ['webp', Buffer.concat([webp, Buffer.from('Secret and Serial')])],
    'lossless webp': ['webp', await noted().webp({ lossless: true }).toBuffer()],
  });
});

const NAMES = [
  'jpeg',
  'jpeg with IPTC, comments and a maker note',
  'jpeg with a comment between its scans',
  'jpeg with another picture behind it',
  'jpeg that was cut off, with another behind it',
  'png',
  'png with texts of its own',
  'png with a text whose checksum is wrong',
  'webp',
  'webp with something behind it',
  'lossless webp',
];

const pixels = (bytes: Buffer) => sharp(bytes, { failOn: 'none' }).raw().toBuffer();

describe('a picture without its metadata', () => {
  it.each(NAMES)('says nothing of the place or the owner, and has the same pixels (%s)', async (name) => {
    const [format, bytes] = made[name] as [Kind, Buffer];
    const bare = withoutMetadata(bytes, format);
    for (const trace of TRACES) expect([trace, bare.includes(trace)]).toEqual([trace, false]);
    expect(await pixels(bare)).toEqual(await pixels(bytes));
    const [before, after] = [await sharp(bytes).metadata(), await sharp(bare).metadata()];
    expect({ icc: after.icc, orientation: after.orientation, xmp: after.xmp, iptc: after.iptc }).toEqual({
      icc: before.icc,
      orientation: before.orientation,
      xmp: undefined,
      iptc: undefined,
    });
    expect(probeImage(bare)).toEqual(probeImage(bytes));
    expect([namesPlace(bytes, format), namesPlace(bare, format)]).toEqual([true, false]);
  });

  it.each(NAMES)('has the size and the CRC-32 of the original, and stays as it is (%s)', (name) => {
    const [format, bytes] = made[name] as [Kind, Buffer];
    const bare = withoutMetadata(bytes, format);
    expect(bare.equals(bytes)).toBe(false);
    expect([bare.length, crc32(bare)]).toEqual([bytes.length, crc32(bytes)]);
    expect(withoutMetadata(bare, format).equals(bare)).toBe(true);
  });

  it('is the original where there is nothing to take out', async () => {
    for (const [format, bytes] of [
      ['jpg', await picture().jpeg().toBuffer()],
      ['jpg', await picture().withIccProfile('p3').jpeg({ progressive: true }).toBuffer()],
      ['jpg', await picture().toColourspace('cmyk').jpeg().toBuffer()],
      ['png', await picture().png().toBuffer()],
      ['webp', await picture().webp().toBuffer()],
      ['webp', await picture().ensureAlpha(0.5).webp().toBuffer()],
    ] as const)
      expect(withoutMetadata(bytes, format)).toBe(bytes);
  });

  it('keeps size and CRC-32, and neither throws nor hangs, whatever is done to a picture', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const kinds = Object.values(made);
    for (let round = 0; round < 5000; round += 1) {
      const [format, whole] = kinds[round % kinds.length] as [Kind, Buffer];
      const bytes = Buffer.from(whole.subarray(0, 40 + random(whole.length - 40)));
      for (let change = 0; change < random(6); change += 1)
        bytes[random(Math.min(bytes.length, 900))] = random(256);
      const bare = withoutMetadata(bytes, format);
      expect([bare.length, crc32(bare)]).toEqual([bytes.length, crc32(bytes)]);
      namesPlace(bytes, format);
    }
  });
});
