import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Random } from '../random.js';
import type { SeenKind } from '../season/season.js';
import type { PictureName, Pictures } from './pictures.js';

const IMAGE = /\.(jpe?g|png|webp)$/i;
const NOON = 13;

/** Real crops from a folder: a folder in it is a kind, and so is a file by its name without a number at its end. */
export class FolderPictures implements Pictures {
  readonly kinds: readonly SeenKind[];

  private constructor(private readonly files: ReadonlyMap<string, readonly string[]>) {
    this.kinds = [...files.keys()].map((id) => ({
      id,
      share: 1,
      peakHour: NOON,
      isInsect: !id.startsWith('none'),
    }));
  }

  /** @throws Error if there is no picture in the folder */
  static async open(folder: string): Promise<FolderPictures> {
    const files = new Map<string, string[]>();
    for (const path of (await readdir(folder, { recursive: true })).sort()) {
      if (!IMAGE.test(path)) continue;
      const kind = kindOf(path);
      files.set(kind, [...(files.get(kind) ?? []), join(folder, path)]);
    }
    if (files.size === 0) throw new Error(`there is no JPEG, PNG or WebP in ${folder}`);
    return new FolderPictures(files);
  }

  async of({ kind, individual, pose }: PictureName): Promise<Buffer> {
    const files = this.files.get(kind);
    if (!files) throw new RangeError(`there is no picture of ${kind}`);
    const path = new Random('file', kind, individual, pose).pick(files);
    return markJpeg(await readFile(path), `${individual}/${pose}`);
  }
}

function kindOf(path: string): string {
  const [folder, ...inside] = path.split(sep);
  if (inside.length > 0) return folder as string;
  return path.replace(IMAGE, '').replace(/[\s_.-]*\d*$/, '') || 'picture';
}
const COMMENT = 0xfffe;
const LENGTH_BYTES = 2;

/**
 * The same picture with a comment (ITU T.81, B.2.4.5), so that no two that are sent are alike and none can be taken for
 * another. What is no JPEG stays as it is.
 */
export function markJpeg(bytes: Buffer, mark: string): Buffer {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return bytes;
  const text = Buffer.from(mark);
  const header = Buffer.alloc(4);
  header.writeUInt16BE(COMMENT, 0);
  header.writeUInt16BE(text.length + LENGTH_BYTES, 2);
  return Buffer.concat([bytes.subarray(0, 2), header, text, bytes.subarray(2)]);
}
