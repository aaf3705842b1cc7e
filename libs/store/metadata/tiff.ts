const ORIENTATION = 0x0112;
const GPS_DIRECTORY = 0x8825;
const ENTRY_BYTES = 12;

/** What of the EXIF of a picture is asked for. */
interface ExifFacts {
  /** 1 to 8; 1 stands upright. */
  readonly orientation: number;
  readonly hasPlace: boolean;
}

/** Reads the first directory of EXIF (TIFF 6.0, section 2). What is damaged says nothing. */
export function readExif(tiff: Buffer): ExifFacts {
  const facts = { orientation: 1, hasPlace: false };
  if (tiff.length < 8) return facts;
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return facts;
  for (let i = 0; i < short(directory); i += 1) {
    const at = directory + 2 + i * ENTRY_BYTES;
    if (at + ENTRY_BYTES > tiff.length) break;
    if (short(at) === GPS_DIRECTORY) facts.hasPlace = true;
    const value = short(at + 8);
    if (short(at) === ORIENTATION && value >= 1 && value <= 8) facts.orientation = value;
  }
  return facts;
}

/** EXIF that says how a picture must be turned to stand upright, and nothing else. */
export function orientationOnly(orientation: number): Buffer {
  const tiff = Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0', 'latin1');
  tiff.writeUInt16BE(orientation, 18);
  return tiff;
}
