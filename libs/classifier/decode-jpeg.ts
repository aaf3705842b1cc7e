import type { RgbImage } from './image.js';
import { NativeJpeg } from './native-jpeg.js';
import { decodeByWasm } from './wasm-jpeg.js';

let native: NativeJpeg | undefined;
let looked = false;

/**
 * Decodes a JPEG exactly as OpenCV and Pillow do: accurate DCT, smooth chroma upsampling, no EXIF rotation. By
 * libjpeg-turbo's library where there is one, otherwise by its WebAssembly build: the pixels are the same.
 *
 * @param width, height those of the frame header
 * @returns pixels that stay as they are until the next call only
 * @throws Error on any fault, also on the mere warnings that a truncated file gives
 */
export function decodeJpeg(jpeg: Uint8Array, width: number, height: number): RgbImage {
  if (!looked) native = NativeJpeg.open();
  looked = true;
  return native ? native.decode(jpeg, width, height) : decodeByWasm(jpeg, width, height);
}
