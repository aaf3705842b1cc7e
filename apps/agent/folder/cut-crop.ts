import { squareBox } from './square-box.js';

const QUALITY = 95;

/** Cuts crops, one after the other. */
export class FrameCutter {
  private turn: Promise<unknown> = Promise.resolve();

  /**
   * Cuts one crop out of a frame. The same frame and box give the same bytes with the same version of sharp, so that a
   * repetition is one. One frame is in memory at a time.
   *
   * @returns undefined where the box has no pixel
   * @throws what sharp says of a frame that cannot be read
   */
  cut(path: string, box: readonly [number, number, number, number]): Promise<Buffer | undefined> {
    const cutting = this.turn.then(() => cutNow(path, box));
    this.turn = cutting.catch(() => {});
    return cutting;
  }
}

async function cutNow(path: string, box: readonly [number, number, number, number]) {
  // Only traps that leave the cutting to others need it: it takes tens of megabytes.
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  const frame = sharp(path, { sequentialRead: true });
  const square = squareBox(box, await frame.metadata());
  return square && frame.extract(square).jpeg({ quality: QUALITY }).toBuffer();
}
