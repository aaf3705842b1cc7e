import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RgbImage } from './image.js';

/** The functions that the WebAssembly build of libjpeg-turbo in @cwasm/jpeg-turbo exports. */
interface Turbo {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(bytes: number): number;
  free(pointer: number): void;
  tjInitDecompress(): number;
  tjDestroy(handle: number): number;
  tjDecompress2(
    handle: number,
    jpeg: number,
    jpegBytes: number,
    out: number,
    width: number,
    pitch: number,
    height: number,
    pixelFormat: number,
    flags: number,
  ): number;
}

// TypeScript knows WebAssembly only together with the whole DOM.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

const PIXEL_FORMAT_RGB = 0;
let compiled: object | undefined;
let turbo: Turbo | undefined;

// The package's own `decode` keeps one instance for ever. A fatal JPEG error leaves it by an exception that
// restores neither its heap nor its stack, so after one we must start from a fresh instance.
function instance(): Turbo {
  if (turbo) return turbo;
  const file = createRequire(import.meta.url).resolve('@cwasm/jpeg-turbo/jpeg-turbo.wasm');
  compiled ??= new WebAssembly.Module(readFileSync(file));
  const fatal = (): never => {
    throw new Error('fatal error in the JPEG data');
  };
  const none = (): number => 0;
  const imports = {
    env: { setjmp: none, longjmp: fatal },
    wasi_snapshot_preview1: {
      environ_sizes_get: none,
      environ_get: fatal,
      proc_exit: fatal,
      fd_close: none,
      fd_seek: fatal,
      fd_write: fatal,
    },
  };
  turbo = new WebAssembly.Instance(compiled, imports).exports as Turbo;
  return turbo;
}

/**
 * Decodes a JPEG exactly as OpenCV and Pillow do: accurate DCT, smooth chroma upsampling, no EXIF rotation.
 *
 * @param width, height those of the frame header
 * @throws Error on any fault, also on the mere warnings that a truncated file gives
 */
export function decodeJpeg(jpeg: Uint8Array, width: number, height: number): RgbImage {
  try {
    return decodeWith(instance(), jpeg, width, height);
  } catch (error) {
    turbo = undefined;
    throw error;
  }
}

function decodeWith(tj: Turbo, jpeg: Uint8Array, width: number, height: number): RgbImage {
  const outBytes = width * height * 3;
  const handle = tj.tjInitDecompress();
  const source = tj.malloc(jpeg.byteLength);
  const out = tj.malloc(outBytes);
  if (!handle || !source || !out) throw new Error('no memory left for the JPEG decoder');
  new Uint8Array(tj.memory.buffer, source, jpeg.byteLength).set(jpeg);
  const status = tj.tjDecompress2(
    handle,
    source,
    jpeg.byteLength,
    out,
    width,
    width * 3,
    height,
    PIXEL_FORMAT_RGB,
    0,
  );
  if (status !== 0) throw new Error('damaged JPEG data');
  // The memory may have grown while decoding, which detaches earlier views: look at it anew, and copy.
  const pixels = new Uint8Array(tj.memory.buffer, out, outBytes).slice();
  tj.free(out);
  tj.free(source);
  tj.tjDestroy(handle);
  return { width, height, pixels };
}
