import { Tensor } from 'onnxruntime-node';
import type { ModelCard } from '../card/card.js';
import { roundHalfEven } from '../pixels/round-half-even.js';

/** What turns an 8 bit value into the input's number: `value × scale + shift`, per channel. */
interface Arithmetic {
  readonly scale: readonly [number, number, number];
  readonly shift: readonly [number, number, number];
  readonly isIdentity: boolean;
}

/** `(value × rescale − mean) / std` as one multiplication and one addition. */
export function arithmetic({ rescale, mean, std }: ModelCard['preprocess']): Arithmetic {
  const scale: Arithmetic['scale'] = [rescale / std[0], rescale / std[1], rescale / std[2]];
  const shift: Arithmetic['shift'] = [-mean[0] / std[0], -mean[1] / std[1], -mean[2] / std[2]];
  return { scale, shift, isIdentity: scale.every((x) => x === 1) && shift.every((x) => x === 0) };
}

/**
 * The input tensor of a model as its file has it, made in plain code.
 *
 * @param pixels uint8 [count, height, width, 3], in the channel order of the card
 */
export function inputTensor(card: ModelCard, pixels: Uint8Array, count: number): Tensor {
  const { dtype, layout, height, width } = card.input;
  const { scale, shift, isIdentity } = arithmetic(card.preprocess);
  if (dtype === 'uint8' && layout === 'NHWC' && isIdentity)
    return new Tensor(dtype, pixels, [count, height, width, 3]);
  const values = new (dtype === 'uint8' ? Uint8Array : dtype === 'float16' ? Uint16Array : Float32Array)(
    pixels.length,
  );
  const area = height * width;
  const step = layout === 'NCHW' ? 1 : 3;
  for (let channel = 0; channel < 3; channel++) {
    // 256 possible values: a table is cheaper than the arithmetic, and far cheaper than halves.
    const table = Float64Array.from({ length: 256 }, (_, value) => {
      const number = value * (scale[channel] as number) + (shift[channel] as number);
      return dtype === 'float16' ? toHalf(number) : number;
    });
    for (let image = 0; image < count; image++) {
      const start = image * area * 3;
      let at = start + (layout === 'NCHW' ? channel * area : channel);
      const end = start + area * 3;
      for (let from = start + channel; from < end; from += 3, at += step) {
        values[at] = table[pixels[from] as number] as number;
      }
    }
  }
  const dims = layout === 'NCHW' ? [count, 3, height, width] : [count, height, width, 3];
  return new Tensor(dtype, values, dims);
}

/** The numbers of an output tensor, whatever its type and shape, one after the other. */
export function outputNumbers(tensor: Tensor): Float32Array {
  const { data } = tensor;
  if (data instanceof Float32Array) return data;
  // Node 20 has no Float16Array: halves come as their bits.
  if (tensor.type === 'float16' && data instanceof Uint16Array) return Float32Array.from(data, fromHalf);
  return Float32Array.from(data as ArrayLike<number>);
}

/** IEEE 754 half precision to number, for the 16 bits that ONNX Runtime hands over as integers. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const float = new Float32Array(1);
const floatBits = new Uint32Array(float.buffer);

/** Number to half precision, rounded to the nearest, halves to even. */
export function toHalf(value: number): number {
  float[0] = value;
  const bits = floatBits[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = Math.abs(float[0] as number);
  if (Number.isNaN(value)) return sign | 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundHalfEven(magnitude * 2 ** 24);
  const exponent = ((bits >>> 23) & 0xff) - 127;
  // A fraction that rounds up to 1024 carries into the exponent, as it should.
  return sign | (((exponent + 15) << 10) + roundHalfEven((magnitude / 2 ** exponent - 1) * 1024));
}
