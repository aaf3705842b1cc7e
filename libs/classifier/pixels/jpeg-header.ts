/** What the frame header of a JPEG says. `baseline`: sequential Huffman with 8 bits (SOF0 or SOF1). */
interface JpegHeader {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly baseline: boolean;
}

const STANDALONE = new Set([0x01, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8]);
// Tables that share the number range of the frame headers: DHT, JPG, DAC.
const NOT_A_FRAME = new Set([0xc4, 0xc8, 0xcc]);

/** Reads the frame header (ITU T.81, B.2.2) without decoding; `undefined` where there is none. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 < bytes.length) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff || STANDALONE.has(marker)) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker === 0xd9 || marker === 0xda) return undefined;
    if (marker >= 0xc0 && marker <= 0xcf && !NOT_A_FRAME.has(marker)) {
      return {
        height: view.getUint16(at + 5),
        width: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
        baseline: marker <= 0xc1 && view.getUint8(at + 4) === 8,
      };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}
