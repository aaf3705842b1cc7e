import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ifThere } from '../folder/crop-files.js';
import { FrameCutter, UncuttableFrame } from '../folder/cut-crop.js';
import type { FoundCrop } from '../folder/run-of-track.js';
import { unreadable } from '../folder/unreadable.js';

/** Why a crop cannot be sent. */
export type Unsendable = 'gone' | 'too-large' | UnreadableFrame;
type UnreadableFrame = `unreadable-frame: ${string}`;

/** Reads crops from their files, or cuts them. Whoever makes one closes it. */
export class CropReader {
  private readonly cutter: FrameCutter;

  /** @param cutProgram the compiled cut-program.js; default: the one of the agent */
  constructor(
    private readonly maxBytes: number,
    cutProgram?: URL,
  ) {
    this.cutter = new FrameCutter(cutProgram);
  }

  /** @throws Unreadable */
  async read(crop: FoundCrop): Promise<{ readonly bytes: Uint8Array; readonly sha256: string } | Unsendable> {
    const bytes = crop.cut
      ? await this.cut(crop)
      : await readFile(crop.path).catch(ifThere).catch(unreadable);
    if (typeof bytes === 'string') return bytes;
    if (!bytes?.length) return 'gone';
    if (bytes.length > this.maxBytes) return 'too-large';
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  close(): void {
    this.cutter.close();
  }

  private async cut({ path, detection }: FoundCrop): Promise<Uint8Array | UnreadableFrame | undefined> {
    if (!detection?.box) return undefined;
    return this.cutter.cut(path, detection.box).catch((error: Error) => {
      // A disk that gives an error now may give the frame later, and so may a machine on which sharp is not installed.
      if (!(error instanceof UncuttableFrame)) throw error;
      return `unreadable-frame: ${error.message}` as const;
    });
  }
}
