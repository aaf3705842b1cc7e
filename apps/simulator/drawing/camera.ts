import { Random } from '../random.js';

/** How a picture comes out of the camera: light, tint, grain, and what is out of focus. */
interface Camera {
  /** Standard deviation of the blur in pixels; 0 = sharp. */
  readonly blurPx: number;
  /** Per channel: `value × gain + offset`. */
  readonly gain: readonly [number, number, number];
  readonly offset: number;
  /** Standard deviation of the grain, in steps of 255. */
  readonly grain: number;
}

export function cameraOf(chance: Random, side: number): Camera {
  const light = chance.between(0.72, 1.18);
  const warm = chance.between(-0.07, 0.07);
  return {
    blurPx: chance.chance(0.4) ? 0 : (side / 200) * chance.between(0.3, 2),
    gain: [light * (1 + warm), light, light * (1 - warm)],
    offset: chance.between(-14, 14),
    grain: chance.between(1, 9),
  };
}

const TABLE_SIZE = 1 << 16;
const SIXTEENTHS = 16;
const source = new Random('grain');
/** Normal deviates in sixteenths, made once: a picture takes them from a place of its own on. */
const DEVIATES = Int8Array.from({ length: TABLE_SIZE }, () =>
  Math.max(-127, Math.min(127, Math.round(source.normal() * SIXTEENTHS))),
);
/** Beyond its end the table goes on elsewhere, so that no part of a picture repeats another. */
const JUMP = 7919;

/**
 * Applies light and grain in place.
 *
 * @param pixels RGB, 8 bits each
 * @param grainAt where in the table of deviates to begin, 0 to 65535
 */
export function expose(pixels: Uint8Array, { gain, offset, grain }: Camera, grainAt: number): void {
  // Values beyond 0 and 255 are cut off by the array itself.
  const values = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length);
  const lit = gain.map((factor) => Int16Array.from({ length: 256 }, (_, value) => value * factor + offset));
  const strength = Math.round(grain * SIXTEENTHS);
  let at = grainAt;
  for (let channel = 0; channel < 3; channel += 1) {
    const light = lit[channel] as Int16Array;
    for (let i = channel; i < values.length; i += 3) {
      if (++at % TABLE_SIZE === 0) at += JUMP;
      const noise = (strength * (DEVIATES[at & (TABLE_SIZE - 1)] as number)) >> 8;
      values[i] = (light[values[i] as number] as number) + noise;
    }
  }
}
