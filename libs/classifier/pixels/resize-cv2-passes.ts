import type { RgbImage } from './image.js';
import { RESIZE_CV2_WASM } from './resize-cv2-wasm.js';
import { compileWasm, startWasm, type WasmMemory } from './wasm-jpeg.js';

/** The function of resize-cv2.wat; addresses are in bytes. */
interface Passes {
  readonly memory: WasmMemory;
  resize(
    source: number,
    rowBytes: number,
    from: number,
    weights: number,
    columns: number,
    rows: number,
    count: number,
    sums0: number,
    sums1: number,
    out: number,
  ): void;
}

/** For each target position: the left (upper) source position, and both weights in 1/2048, the left one in the low half. */
export interface Taps {
  readonly from: Int32Array;
  readonly weights: Int32Array;
}

const PAGE_BYTES = 65_536;
/** The passes read and write up to 16 bytes behind their buffers. */
const SPARE = 16;
const LEFT_BITS = 0xffff;
/** A larger image is not copied whole into memory that never shrinks. */
const WHOLE_BYTES = 4_000_000;

let passes: Passes | undefined;

/**
 * Both passes: each source row that is needed is stretched, and two stretched rows are blended into a target row.
 *
 * @param across where each target column is taken from
 * @param down the same of each target row; may lie one row outside of the image
 * @returns all target rows; they stay as they are until the next image only
 */
export function resample({ width, height, pixels }: RgbImage, across: Taps, down: Taps): Uint8Array {
  const columns = across.from.length;
  const count = down.from.length;
  const rowBytes = width * 3;
  const isWhole = pixels.length <= WHOLE_BYTES;
  const at = plan(isWhole ? pixels.length : 2 * count * rowBytes, columns, count);
  const { memory, resize } = start(at.bytes);
  const bytes = new Uint8Array(memory.buffer);
  const offsets = new Int32Array(memory.buffer, at.from, columns);
  for (let x = 0; x < columns; x++) offsets[x] = (across.from[x] as number) * 3;
  new Int32Array(memory.buffer, at.weights, columns).set(across.weights);
  if (isWhole) bytes.set(pixels, at.source);
  const rows = new Int32Array(memory.buffer, at.rows, count * 4);
  for (let y = 0; y < count; y++) {
    const from = down.from[y] as number;
    for (let i = 0; i < 2; i++) {
      const row = Math.min(Math.max(from + i, 0), height - 1);
      if (isWhole) rows[y * 4 + i] = row;
      else {
        rows[y * 4 + i] = y * 2 + i;
        bytes.set(pixels.subarray(row * rowBytes, (row + 1) * rowBytes), at.source + (y * 2 + i) * rowBytes);
      }
    }
    const weights = down.weights[y] as number;
    rows[y * 4 + 2] = weights & LEFT_BITS;
    rows[y * 4 + 3] = weights >> 16;
  }
  resize(at.source, rowBytes, at.from, at.weights, columns, at.rows, count, at.sums0, at.sums1, at.out);
  return bytes.subarray(at.out, at.out + columns * count * 3);
}

function start(bytes: number): Passes {
  passes ??= startWasm<Passes>(compileWasm(Buffer.from(RESIZE_CV2_WASM, 'base64')));
  const missing = bytes - passes.memory.buffer.byteLength;
  if (missing > 0) passes.memory.grow(Math.ceil(missing / PAGE_BYTES));
  return passes;
}

function plan(sourceBytes: number, columns: number, count: number) {
  let bytes = 0;
  const place = (length: number): number => {
    const at = bytes;
    bytes += Math.ceil((length + SPARE) / 8) * 8;
    return at;
  };
  const places = {
    from: place(columns * 4),
    weights: place(columns * 4),
    rows: place(count * 16),
    source: place(sourceBytes),
    sums0: place(columns * 6),
    sums1: place(columns * 6),
    out: place(columns * count * 3),
  };
  return { ...places, bytes };
}
