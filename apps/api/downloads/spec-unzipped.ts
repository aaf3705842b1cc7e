import { crc32 } from 'node:zlib';

export interface Unzipped {
  /** In the order of the directory. */
  readonly names: readonly string[];
  text(name: string): string;
  bytes(name: string): Buffer;
  /** Whether the checksum of an entry fits its content. */
  isWhole(name: string): boolean;
  /** When the file was changed last, as its entry says. */
  changedMs(name: string): number;
}

/** Reads a stored archive by its directory; not Zip64. */
export function unzipped(zip: Buffer): Unzipped {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const entries = new Map<string, { content: Buffer; sum: number; changedMs: number }>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameBytes = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameBytes);
    const header = zip.readUInt32LE(at + 42);
    const begin = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const content = zip.subarray(begin, begin + zip.readUInt32LE(at + 24));
    // Behind the name: the time in seconds since 1970, after two bytes of a name, two of a length and one of flags.
    const changedMs = zip.readInt32LE(at + 46 + nameBytes + 5) * 1000;
    entries.set(name, { content, sum: zip.readUInt32LE(at + 16), changedMs });
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  const entry = (name: string) => {
    const found = entries.get(name);
    if (!found) throw new Error(`${name} is not in the archive: ${[...entries.keys()].join(', ')}`);
    return found;
  };
  return {
    names: [...entries.keys()],
    text: (name) => entry(name).content.toString(),
    bytes: (name) => entry(name).content,
    changedMs: (name) => entry(name).changedMs,
    isWhole: (name) => crc32(entry(name).content) === entry(name).sum,
  };
}
