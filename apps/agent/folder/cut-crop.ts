import { readFile } from 'node:fs/promises';
import { ifThere } from './crop-files.js';
import { squareBox } from './square-box.js';
import { unreadable } from './unreadable.js';

const QUALITY = 95;

/** Cuts crops, one after the other. */
export class FrameCutter {
  private turn: Promise<unknown> = Promise.resolve();

  /**
   * Cuts one crop out of a frame. The same frame and box give the same bytes with the same version of sharp, so that a
   * repetition is one. One frame is in memory at a time.
   *
   * @returns undefined where the box has no pixel, or the frame is not there
   * @throws Unreadable where the disk does not give the frame; what sharp says of one that is no picture
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
  // Read here: sharp has the same words for a picture that is broken and for a disk that gives an error now.
  const bytes = await readFile(path).catch(ifThere).catch(unreadable);
  if (!bytes?.length) return undefined;
  const frame = sharp(bytes, { sequentialRead: true });
  const square = squareBox(box, await frame.metadata());
  return square && frame.extract(square).jpeg({ quality: QUALITY }).toBuffer();
}
