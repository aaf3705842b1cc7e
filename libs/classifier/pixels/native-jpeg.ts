import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RgbImage } from './image.js';

const fromHere = createRequire(import.meta.url);
/** Where Homebrew puts the library: `brew install jpeg-turbo`. */
const HOMEBREW = [
  '/opt/homebrew/opt/jpeg-turbo/lib/libturbojpeg.0.dylib',
  '/usr/local/opt/jpeg-turbo/lib/libturbojpeg.0.dylib',
];
const PIXEL_FORMAT_RGB = 0;
const ACCURATE_DCT = 4096;

type Decompress = (
  handle: unknown,
  jpeg: Uint8Array,
  jpegBytes: number,
  out: Uint8Array,
  width: number,
  pitch: number,
  height: number,
  pixelFormat: number,
  flags: number,
) => number;

/** libjpeg-turbo as a library of machine code: its SIMD decodes three times as fast as WebAssembly, to the same pixels. */
export class NativeJpeg {
  #out = new Uint8Array(0);

  private constructor(
    private readonly handle: unknown,
    private readonly decompress: Decompress,
  ) {}

  /** @returns undefined where there is no library, or none that can be called on this platform */
  static open(): NativeJpeg | undefined {
    for (const path of libraries()) {
      try {
        const koffi = fromHere('koffi') as typeof import('koffi').default;
        const library = koffi.load(path);
        const handle = library.func('void *tjInitDecompress()')();
        const decompress = library.func(
          'int tjDecompress2(void *, const uint8_t *, unsigned long, uint8_t *, int, int, int, int, int)',
        );
        return new NativeJpeg(handle, decompress as unknown as Decompress);
      } catch {
        // Not there: the next one, or WebAssembly.
      }
    }
    return undefined;
  }

  /** @throws Error also on mere warnings; the pixels stay as they are until the next call only */
  decode(jpeg: Uint8Array, width: number, height: number): RgbImage {
    const outBytes = width * height * 3;
    if (this.#out.length < outBytes) this.#out = new Uint8Array(outBytes);
    const out = this.#out.subarray(0, outBytes);
    const pitch = width * 3;
    // An image that is larger than its header said is scaled down to fit, or refused: never written past `out`.
    const status = this.decompress(
      this.handle,
      jpeg,
      jpeg.byteLength,
      out,
      width,
      pitch,
      height,
      PIXEL_FORMAT_RGB,
      ACCURATE_DCT,
    );
    if (status !== 0) throw new Error('damaged JPEG data');
    return { width, height, pixels: out };
  }
}

/** On Linux those in @julusian/jpeg-turbo, whose own code always takes the inexact DCT. One is for glibc, one for musl. */
function libraries(): readonly string[] {
  if (process.platform === 'darwin') return HOMEBREW;
  if (process.platform !== 'linux') return [];
  let folder: string;
  try {
    folder = dirname(fromHere.resolve('@julusian/jpeg-turbo/package.json'));
  } catch {
    return [];
  }
  const name = `jpeg-turbo-linux-${process.arch}`;
  return [name, `${name}-musl`].map((each) => join(folder, 'prebuilds', each, 'libturbojpeg.so.0'));
}
