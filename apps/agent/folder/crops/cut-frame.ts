import { readFile, stat } from 'node:fs/promises';
import { probeImage, tooCostly } from '../../../../libs/store/index.js';
import { unreadable } from '../unreadable.js';
import { ifThere } from './crop-files.js';
import { squareBox } from './square-box.js';

const QUALITY = 95;
/** Twice what the largest sensor of such a camera gives, and what the service takes of a picture. */
const LIMITS = { pixels: 40_000_000, side: 16_384 };
const MOST_BYTES = 64 * 1_048_576;

/** The code by which the error is known where it comes from another process. */
export const UNCUTTABLE = 'uncuttable';

/** A crop to cut out of a frame. */
export interface CutJob {
  readonly path: string;
  /** x and y of the upper left corner, then of the lower right one, as shares of the frame. */
  readonly box: readonly [number, number, number, number];
}

/** Nothing can be cut out of this frame, now or later. */
export class UncuttableFrame extends Error {
  override readonly name = 'UncuttableFrame';
  readonly code = UNCUTTABLE;
}

/**
 * What a frame announces is held against limits before it is decoded.
 *
 * @returns undefined where the box has no pixel, or the frame is not there
 * @throws Unreadable where the disk does not give the frame; UncuttableFrame
 */
export async function cutFrame({ path, box }: CutJob): Promise<Uint8Array | undefined> {
  // It is not there on every trap.
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  // Read here: sharp has the same words for a picture that is broken and for a disk that gives an error now.
  const bytes = await read(path).catch(ifThere).catch(unreadable);
  if (!bytes?.length) return undefined;
  if (bytes === 'too-large') throw new UncuttableFrame(`it has more than ${MOST_BYTES} bytes`);
  const header = probeImage(bytes);
  if (!header) throw new UncuttableFrame('this is no JPEG, PNG or WebP image');
  const why = tooCostly(header, bytes.length, LIMITS);
  if (why) throw new UncuttableFrame(why);
  try {
    const frame = sharp(bytes, { sequentialRead: true, limitInputPixels: LIMITS.pixels });
    const square = squareBox(box, await frame.metadata());
    return square && (await frame.extract(square).jpeg({ quality: QUALITY }).toBuffer());
  } catch (cause) {
    throw new UncuttableFrame((cause as Error).message, { cause });
  }
}

async function read(path: string): Promise<Buffer | 'too-large'> {
  const { size } = await stat(path);
  return size > MOST_BYTES ? 'too-large' : readFile(path);
}
