import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { resizePil } from './resize-pil.js';

/** 7 × 5, without any order. */
const image = {
  width: 7,
  height: 5,
  pixels: Uint8Array.from({ length: 105 }, (_, at) => {
    const [c, j, i] = [at % 3, Math.floor(at / 3) % 7, Math.floor(at / 21)];
    return (i * 37 + j * 91 + c * 53 + i * j * 7) % 256;
  }),
};

/** What Pillow 9.4 makes of it: 4 × 3 in full, 9 × 8 as sha256. */
const PILLOW = [
  [
    'pil-nearest',
    '00356ab6eb206ca1d622578c4a7fb41c5186ee2358c0f52a94c9fe82b7ec70a5da5e93c8',
    'c759fe3a3f8c641f6bf5899b0803f85cf7b0d09f5b2c5201c8a0059f277715c5',
  ],
  [
    'pil-lanczos',
    '3e77a3908577679c79659786808e827d848990817c6ca16c6f77b5888090a28680746e73',
    '78d6cf97e7de90c4eb4ea81d65db7f1d3e351f9afcbe6a50f7d170f3a65d3c61',
  ],
  [
    'pil-bicubic',
    '3c72a290877069a07d5f94857d938677818b957f7b70a570737ab48c8295998380786e73',
    'fa37986d53d7f38bf13cc6c3d988f471ad3cbc4f3abaf62702e68252a8daa09c',
  ],
  [
    'pil-box',
    '4277ac7f74698dc2775b90857fb4695186bbee23588cc1767c71a6a3988d5085ba7d7267',
    'c759fe3a3f8c641f6bf5899b0803f85cf7b0d09f5b2c5201c8a0059f277715c5',
  ],
  [
    'pil-hamming',
    '366a9e9a8f5a6ea3885c9183759b845c758fae697a80b36f7481b6888eac8483987a6d7a',
    '21725bdd7363dea69bbab6c9a5d3c2d39f1287f1719ce28127bff135daf4014b',
  ],
] as const;

describe('the filters of Pillow', () => {
  it.each(PILLOW)('are followed to the last bit: %s', (filter, smaller, larger) => {
    expect(Buffer.from(resizePil(filter, image, 4, 3)).toString('hex')).toBe(smaller);
    expect(
      createHash('sha256')
        .update(resizePil(filter, image, 9, 8))
        .digest('hex'),
    ).toBe(larger);
  });
});
