import { fromHalf, toHalf } from './tensor.js';

/** Up to this many labels, every number is kept as float32; beyond, as float16: half the bytes, and exact to 0.1 %. */
const MAX_LABELS_IN_FULL = 64;

/** The logits of one image, as they are kept: 4 bytes a label, or 2 where there are many. */
export type StoredLogits = Float32Array | Uint16Array;

/** @param logits of all labels; where the model gives probabilities, their natural logarithms */
export function packLogits(logits: Float32Array): StoredLogits {
  if (logits.length <= MAX_LABELS_IN_FULL) return logits;
  const bits = new Uint32Array(logits.buffer, logits.byteOffset, logits.length);
  const halves = new Uint16Array(logits.length);
  for (let at = 0; at < bits.length; at++) {
    const value = bits[at] as number;
    const magnitude = value & 0x7fff_ffff;
    // From 2⁻¹⁴ on to just under 65,504 a half is the upper part of a float: sign, exponent less 112, ten bits of fraction.
    halves[at] =
      magnitude >= 0x3880_0000 && magnitude < 0x477f_e000
        ? ((value >>> 16) & 0x8000) | ((magnitude - 0x3800_0000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
        : toHalf(logits[at] as number);
  }
  return halves;
}

/** What every 16 bits mean: reading a vector is looking up. */
let halves: Float64Array | undefined;

/**
 * The probabilities of all labels, from what `packLogits` made.
 *
 * @param bytes little-endian
 * @returns undefined where the bytes are not those of so many labels
 */
export function unpackProbabilities(
  bytes: Uint8Array,
  labels: number,
  temperature: number,
): Float64Array | undefined {
  const size = bytes.byteLength / labels;
  if (size !== 4 && size !== 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(labels);
  let most = Number.NEGATIVE_INFINITY;
  if (size === 4) {
    for (let at = 0; at < labels; at++) most = Math.max(most, view.getFloat32(4 * at, true));
    for (let at = 0; at < labels; at++)
      values[at] = Math.exp((view.getFloat32(4 * at, true) - most) / temperature);
  } else {
    halves ??= Float64Array.from({ length: 65_536 }, (_, bits) => fromHalf(bits));
    for (let at = 0; at < labels; at++) most = Math.max(most, halves[view.getUint16(2 * at, true)] as number);
    for (let at = 0; at < labels; at++)
      values[at] = Math.exp(((halves[view.getUint16(2 * at, true)] as number) - most) / temperature);
  }
  const sum = values.reduce((total, value) => total + value, 0);
  if (!(sum > 0 && Number.isFinite(sum))) return undefined;
  for (let at = 0; at < labels; at++) values[at] = (values[at] as number) / sum;
  return values;
}
