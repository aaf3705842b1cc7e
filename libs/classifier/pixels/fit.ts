import type { ModelCard } from '../card/card.js';
import type { RgbImage } from './image.js';
import { resizeCv2Linear } from './resize-cv2.js';
import { resizePil, resizePilBilinear } from './resize-pil.js';
import { roundHalfEven } from './round-half-even.js';

type Input = Pick<ModelCard['input'], 'width' | 'height' | 'color'>;
type Fit = Pick<ModelCard['preprocess'], 'geometry' | 'resample' | 'shorterSide' | 'cropOffset'>;

// The grey that YOLO's letterbox pads with.
const LETTERBOX_GREY = 114;

/**
 * Brings an image to the size, geometry and channel order of a model's input, still in 8 bit.
 *
 * @param into one row of a batch, length height × width × 3: written as NHWC
 */
export function fitImage(picture: RgbImage, input: Input, preprocess: Fit, into: Uint8Array): void {
  const { width, height } = input;
  const image = preprocess.geometry === 'shorter-side-centre-crop' ? notTooLong(picture) : picture;
  const resize = resizer(preprocess.resample);
  if (preprocess.geometry === 'letterbox') {
    const scale = Math.min(width / image.width, height / image.height);
    const inner = scaled(image, scale);
    into.fill(LETTERBOX_GREY);
    const left = Math.round((width - inner.width) / 2 - 0.1);
    const top = Math.round((height - inner.height) / 2 - 0.1);
    paste({ ...inner, pixels: resize(image, inner.width, inner.height) }, into, width, left, top);
  } else if (preprocess.geometry === 'shorter-side-centre-crop') {
    const inner = coverSize(image, preprocess.shorterSide ?? Math.max(width, height));
    cutCentre({ ...inner, pixels: resize(image, inner.width, inner.height) }, input, preprocess, into);
  } else if (preprocess.geometry === 'stretch-centre-crop') {
    const side = preprocess.shorterSide ?? Math.max(width, height);
    cutCentre({ width: side, height: side, pixels: resize(image, side, side) }, input, preprocess, into);
  } else if (preprocess.geometry === 'centre-crop') {
    const scale = Math.min(image.width / width, image.height / height);
    const inner = scaled({ width, height }, scale);
    const left = Math.floor((image.width - inner.width) / 2);
    const top = Math.floor((image.height - inner.height) / 2);
    resize(cut(image, left, top, inner.width, inner.height), width, height, into);
  } else {
    resize(image, width, height, into);
  }
  if (input.color === 'BGR') swapRedAndBlue(into);
}

function resizer(resample: Fit['resample']): typeof resizePilBilinear {
  if (resample === 'cv2-linear') return resizeCv2Linear;
  if (resample === 'pil-bilinear') return resizePilBilinear;
  return (image, width, height, out) => resizePil(resample, image, width, height, out);
}

function cutCentre(whole: RgbImage, { width, height }: Size, { cropOffset }: Fit, into: Uint8Array): void {
  const round = cropOffset === 'floor' ? Math.floor : roundHalfEven;
  const left = round((whole.width - width) / 2);
  const top = round((whole.height - height) / 2);
  into.set(cut(whole, left, top, width, height).pixels);
}
/** No crop of an insect comes near it. */
const LONGEST_RATIO = 32;

interface Size {
  readonly width: number;
  readonly height: number;
}

function scaled({ width, height }: Size, scale: number): Size {
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

// torchvision's Resize: the shorter side exactly, the longer one rounded down.
function coverSize({ width, height }: Size, shorter: number): Size {
  if (width <= height) return { width: shorter, height: Math.trunc((shorter * height) / width) };
  return { width: Math.trunc((shorter * width) / height), height: shorter };
}

/**
 * Of a picture that is far longer than wide the middle part: the rest would be cut off behind the resizing, which would
 * blow up the whole of it. A strip of 1 × 16,384 pixels would take gigabytes.
 */
function notTooLong(image: RgbImage): RgbImage {
  const longest = LONGEST_RATIO * Math.min(image.width, image.height);
  const [width, height] = [Math.min(image.width, longest), Math.min(image.height, longest)];
  return cut(image, (image.width - width) >> 1, (image.height - height) >> 1, width, height);
}

function cut(image: RgbImage, left: number, top: number, width: number, height: number): RgbImage {
  if (left === 0 && top === 0 && width === image.width && height === image.height) return image;
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((y + top) * image.width + left) * 3;
    pixels.set(image.pixels.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, pixels };
}

function paste(image: RgbImage, into: Uint8Array, intoWidth: number, left: number, top: number): void {
  const rowLength = image.width * 3;
  for (let y = 0; y < image.height; y++) {
    into.set(image.pixels.subarray(y * rowLength, (y + 1) * rowLength), ((y + top) * intoWidth + left) * 3);
  }
}

function swapRedAndBlue(pixels: Uint8Array): void {
  for (let i = 0; i + 2 < pixels.length; i += 3) {
    const red = pixels[i] as number;
    pixels[i] = pixels[i + 2] as number;
    pixels[i + 2] = red;
  }
}
