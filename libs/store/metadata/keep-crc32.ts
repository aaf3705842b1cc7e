import { crc32 } from 'node:zlib';

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});
/** The entry of the table by its highest byte, which is different in all of them. */
const BY_HIGH_BYTE = Uint8Array.from({ length: 256 }, (_, high) =>
  TABLE.findIndex((entry) => entry >>> 24 === high),
);

/** The state of a CRC-32 one byte earlier. */
const stepBack = (state: number, byte: number): number => {
  const index = BY_HIGH_BYTE[state >>> 24] as number;
  return ((((state ^ (TABLE[index] as number)) << 8) >>> 0) | (index ^ byte)) >>> 0;
};

/**
 * Writes four bytes at `at` so that the whole has this CRC-32: archives and their ranges are computed from the checksum
 * that the catalog keeps of the original.
 */
export function forceCrc32(bytes: Buffer, at: number, wanted: number): void {
  let state = ~wanted >>> 0;
  for (let i = bytes.length - 1; i >= at + 4; i -= 1) state = stepBack(state, bytes[i] as number);
  // Four zeros lead from a certain state to this one; the difference to the state before them is what they must be.
  for (let i = 0; i < 4; i += 1) state = stepBack(state, 0);
  const before = ~crc32(bytes.subarray(0, at)) >>> 0;
  bytes.writeUInt32LE((state ^ before) >>> 0, at);
}
