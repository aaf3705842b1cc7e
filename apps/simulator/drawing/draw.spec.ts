import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { draw } from './draw.js';
import { DRAWN_KINDS } from './drawn-kinds.js';

describe('a drawing', () => {
  it.each(DRAWN_KINDS.map(({ id }) => id))(
    'of %s is the same for the same names, and another for others',
    async (kind) => {
      const once = await draw({ kind, individual: 'a', pose: '1' });
      expect((await draw({ kind, individual: 'a', pose: '1' })).equals(once)).toBe(true);
      expect((await draw({ kind, individual: 'a', pose: '2' })).equals(once)).toBe(false);
      expect((await draw({ kind, individual: 'b', pose: '1' })).equals(once)).toBe(false);
    },
  );

  it('is a JPEG of 100 to 400 pixels a side', async () => {
    for (let i = 0; i < 20; i += 1) {
      const jpeg = await draw({ kind: 'drawn_bee', individual: `size-${i}`, pose: '1' });
      const { format, width, height, chromaSubsampling } = await sharp(jpeg).metadata();
      expect([format, chromaSubsampling]).toEqual(['jpeg', '4:2:0']);
      for (const side of [width, height]) expect(side).toBe(Math.min(400, Math.max(100, side)));
    }
  });

  it('of a kind that nobody knows is refused with the names of those that there are', async () => {
    await expect(draw({ kind: 'dragon', individual: 'a', pose: '1' })).rejects.toThrow(/drawn_wasp/);
  });
});
