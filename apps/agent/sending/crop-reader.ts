import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ifThere } from '../folder/crop-files.js';
import { FrameCutter } from '../folder/cut-crop.js';
import type { FoundCrop } from '../folder/run-of-track.js';
import { Unreadable, unreadable } from '../folder/unreadable.js';

/** Why a crop cannot be sent. */
export type Unsendable = 'gone' | 'too-large' | 'unreadable-frame';

/** Reads crops from their files, or cuts them. */
export class CropReader {
  private readonly cutter = new FrameCutter();

  constructor(private readonly maxBytes: number) {}

  /** @throws Unreadable */
  async read(crop: FoundCrop): Promise<{ readonly bytes: Buffer; readonly sha256: string } | Unsendable> {
    const bytes = crop.cut
      ? await this.cut(crop)
      : await readFile(crop.path).catch(ifThere).catch(unreadable);
    if (bytes === 'unreadable-frame') return bytes;
    if (!bytes?.length) return 'gone';
    if (bytes.length > this.maxBytes) return 'too-large';
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  private async cut({ path, detection }: FoundCrop): Promise<Buffer | 'unreadable-frame' | undefined> {
    if (!detection?.box) return undefined;
    return this.cutter.cut(path, detection.box).catch((error: { code?: string }) => {
      // A disk that gives an error now may give the frame later, and so may a machine on which sharp is not installed.
      if (error instanceof Unreadable || error.code === 'ERR_MODULE_NOT_FOUND') throw error;
      return 'unreadable-frame' as const;
    });
  }
}
