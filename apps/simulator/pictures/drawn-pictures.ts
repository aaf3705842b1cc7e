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

/** Pictures of one insect, where pictures are used again: enough to see it move. */
const POSES = 5;

/** Drawn insects. */
export class DrawnPictures implements Pictures {
  readonly kinds = SEEN;
  private readonly drawn = new Map<string, Promise<Buffer>>();

  /**
   * @param perKind draw at most this many pictures of each kind, a few of each insect, and use them again with a mark of
   *   their own: where drawing would take longest; undefined = every crop is a drawing of its own
   */
  constructor(private readonly perKind?: number) {}

  async of(name: PictureName): Promise<Buffer> {
    if (this.perKind === undefined) return draw(name);
    const { kind, individual, pose } = name;
    const poses = Math.min(POSES, this.perKind);
    const insect = new Random('again', kind, individual).whole(1, Math.floor(this.perKind / poses));
    const picture = new Random('again', kind, individual, pose).whole(1, poses);
    const key = `${kind}/${insect}/${picture}`;
    const known =
      this.drawn.get(key) ?? draw({ kind, individual: `${kind}/${insect}`, pose: String(picture) });
    this.drawn.set(key, known);
    return markJpeg(await known, `${individual}/${pose}`);
  }
}
