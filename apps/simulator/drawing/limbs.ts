import type { Random } from '../random.js';
import { ellipse, group, line, mirrored } from './shapes.js';

interface LegShape {
  /** Where the three pairs leave the body, along it. */
  readonly at: readonly [number, number, number];
  readonly reach: number;
  readonly colour: string;
  readonly width: number;
}

/** Three pairs of legs, each with a knee; no two steps alike. */
export function legs({ at, reach, colour, width }: LegShape, pose: Random): string {
  const side = (flip: 1 | -1): string =>
    at
      .map((y, pair) => {
        const forward = (pair - 1) * 0.55 * reach + pose.between(-0.15, 0.15) * reach;
        const knee: [number, number] = [flip * reach * 0.6, y + forward * 0.4 - 3];
        return line([[flip * 3, y], knee, [flip * reach, y + forward]], colour, width);
      })
      .join('');
  return side(1) + side(-1);
}

/** Two feelers from the head on, bent once. */
export function antennae(
  headY: number,
  length: number,
  colour: string,
  width: number,
  spread: number,
): string {
  return mirrored(
    line(
      [
        [2, headY],
        [spread * length * 0.5, headY - length * 0.55],
        [spread * length, headY - length],
      ],
      colour,
      width,
    ),
  );
}

interface WingShape {
  /** Where it is joined to the body. */
  readonly y: number;
  readonly length: number;
  readonly width: number;
  /** Degrees from straight back to where it points. */
  readonly angle: number;
  readonly opacity: number;
  readonly colour?: string;
}

/** A pair of clear wings with a vein each. */
export function clearWings({ y, length, width, angle, opacity, colour = '#dfe6ea' }: WingShape): string {
  const wing =
    ellipse(0, length / 2, width / 2, length / 2, colour, {
      'fill-opacity': opacity,
      stroke: '#5b5a52',
      'stroke-width': 0.8,
      'stroke-opacity': 0.6,
    }) +
    line(
      [
        [0, 2],
        [width * 0.15, length * 0.85],
      ],
      '#6f6d62',
      0.7,
    );
  return mirrored(group(`translate(4 ${y}) rotate(${-angle})`, wing));
}
