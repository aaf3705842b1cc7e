import { draw } from '../drawing/draw.js';
import { DRAWN_KINDS } from '../drawing/drawn-kinds.js';
import { Random } from '../random.js';
import type { SeenKind } from '../season/season.js';
import { markJpeg } from './folder-pictures.js';
import type { PictureName, Pictures } from './pictures.js';

const SEEN: readonly SeenKind[] = DRAWN_KINDS.map(({ id, share, peakHour, shape }) => ({
  id,
  share,
  peakHour,
  isInsect: shape !== undefined,
}));

/** Drawn insects. */
export class DrawnPictures implements Pictures {
  readonly kinds = SEEN;
  private readonly drawn = new Map<string, Promise<Buffer>>();

  /**
   * @param perKind draw only so many pictures of each kind and use them again, each time with a mark of its own: for
   *   load, where drawing would be the limit; undefined = every crop is a drawing of its own
   */
  constructor(private readonly perKind?: number) {}

  async of(name: PictureName): Promise<Buffer> {
    const mark = `${name.individual}/${name.pose}`;
    if (this.perKind === undefined) return draw(name);
    const which = new Random('again', name.kind, mark).whole(1, this.perKind);
    const key = `${name.kind}/${which}`;
    const known = this.drawn.get(key) ?? draw({ kind: name.kind, individual: key, pose: '1' });
    this.drawn.set(key, known);
    return markJpeg(await known, mark);
  }
}
