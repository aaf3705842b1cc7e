import { RESIZE_CV2_WASM } from './resize-cv2-wasm.js';
import { compileWasm, startWasm, type WasmMemory } from './web-assembly.js';

/** The functions of resize-cv2.wat; addresses are in bytes. */
interface Passes {
  readonly memory: WasmMemory;
  stretch(source: number, from: number, weights: number, columns: number, out: number): void;
  blend(upper: number, lower: number, b0: number, b1: number, out: number, length: number): void;
}

const PAGE_BYTES = 65_536;
/** The passes read and write up to 16 bytes behind their buffers. */
const SPARE = 16;

let passes: Passes | undefined;

/** The address of each buffer of one image. Two rows of sums serve: neighbouring target rows mostly share source rows. */
interface Places {
  readonly from: number;
  readonly weights: number;
  readonly source: number;
  readonly sums: readonly [number, number];
  readonly out: number;
}

/**
 * The two passes of one image: a source row is stretched once, and two stretched rows are blended into a target row.
 *
 * @param from, weights one for each target column: its left source column, and both weights in 1/2048
 */
export function resampler(
  sourceWidth: number,
  from: Int32Array,
  weights: Int32Array,
  targetHeight: number,
): Resampler {
  passes ??= startWasm<Passes>(compileWasm(Buffer.from(RESIZE_CV2_WASM, 'base64')));
  return new Resampler(passes, sourceWidth, from, weights, targetHeight);
}

class Resampler {
  readonly #at: Places;
  readonly #bytes: Uint8Array;
  readonly #columns: number;
  /** Which source row each of the two rows of sums holds. */
  readonly #holds: [number, number] = [-1, -1];
  #older: 0 | 1 = 0;

  constructor(
    private readonly passes: Passes,
    private readonly sourceWidth: number,
    from: Int32Array,
    weights: Int32Array,
    private readonly targetHeight: number,
  ) {
    this.#columns = from.length;
    const { places, bytes } = plan(sourceWidth, this.#columns, targetHeight);
    const { memory } = passes;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    this.#at = places;
    this.#bytes = new Uint8Array(memory.buffer);
    const offsets = new Int32Array(memory.buffer, places.from, this.#columns);
    for (let x = 0; x < this.#columns; x++) offsets[x] = (from[x] as number) * 3;
    new Int32Array(memory.buffer, places.weights, this.#columns).set(weights);
  }

  /** @returns which of the two rows of sums holds this source row, stretched */
  stretched(pixels: Uint8Array, row: number): 0 | 1 {
    if (this.#holds[0] === row) return this.#use(0);
    if (this.#holds[1] === row) return this.#use(1);
    const which = this.#older;
    const { source, from, weights, sums } = this.#at;
    const rowBytes = this.sourceWidth * 3;
    this.#bytes.set(pixels.subarray(row * rowBytes, (row + 1) * rowBytes), source);
    this.passes.stretch(source, from, weights, this.#columns, sums[which]);
    this.#holds[which] = row;
    return this.#use(which);
  }

  /** Blends two rows of sums into target row `y`, with weights in 1/2048. */
  blend(upper: 0 | 1, lower: 0 | 1, b0: number, b1: number, y: number): void {
    const { sums, out } = this.#at;
    const length = this.#columns * 3;
    this.passes.blend(sums[upper], sums[lower], b0, b1, out + y * length, length);
  }

  /** All target rows; they stay as they are until the next image only. */
  result(): Uint8Array {
    return this.#bytes.subarray(this.#at.out, this.#at.out + this.#columns * this.targetHeight * 3);
  }

  #use(which: 0 | 1): 0 | 1 {
    this.#older = which === 0 ? 1 : 0;
    return which;
  }
}

function plan(sourceWidth: number, columns: number, rows: number): { places: Places; bytes: number } {
  let end = 0;
  const place = (bytes: number): number => {
    const at = end;
    end += Math.ceil((bytes + SPARE) / 8) * 8;
    return at;
  };
  const places: Places = {
    from: place(columns * 4),
    weights: place(columns * 4),
    source: place(sourceWidth * 3),
    sums: [place(columns * 6), place(columns * 6)],
    out: place(columns * rows * 3),
  };
  return { places, bytes: end };
}
