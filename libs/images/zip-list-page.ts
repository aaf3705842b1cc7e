import type { PictureId } from './layout.js';
import type { ZipFile } from './zip-entry.js';

/** An entry as a list keeps it. Which picture it is follows from its name, unless `picture` says so. */
export interface ListedFile extends ZipFile {
  /** As `pictureToList` has it. */
  readonly picture?: PictureId | undefined;
  /** True = the content lies beside the list, and is not a crop of the image store. */
  readonly own?: boolean;
}

type Row = readonly [file: string, bytes: number, crc32: number, atMs: number, more?: 1 | PictureId];
/** Files that stand one behind the other in the same folder share its name: 40 bytes a crop instead of 90. */
type Group = readonly [folder: string, rows: readonly Row[]];

/** A page of a list as one line of JSON. */
export function encodePage(files: readonly ListedFile[]): string {
  const groups: [string, Row[]][] = [];
  for (const { name, bytes, crc32, atMs, own, picture } of files) {
    const folderEnds = name.lastIndexOf('/') + 1;
    const folder = name.slice(0, folderEnds);
    const file = name.slice(folderEnds);
    const more = own ? 1 : picture;
    const row: Row = more ? [file, bytes, crc32, atMs, more] : [file, bytes, crc32, atMs];
    const group = groups.at(-1);
    if (group?.[0] === folder) group[1].push(row);
    else groups.push([folder, [row]]);
  }
  return `${JSON.stringify(groups)}\n`;
}

export function decodePage(line: string): ListedFile[] {
  return (JSON.parse(line) as Group[]).flatMap(([folder, rows]) =>
    rows.map(([file, bytes, crc32, atMs, more]) => ({
      name: folder + file,
      bytes,
      crc32,
      atMs,
      own: more === 1,
      ...(typeof more === 'object' && { picture: more }),
    })),
  );
}
