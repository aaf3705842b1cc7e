import type { Random } from '../../random.js';
import { antennae, clearWings, legs } from '../limbs.js';
import { ellipse, hsl, line, path } from '../shapes.js';

/** Slender, with a waist, a pointed end, and bands of yellow on black. */
export function wasp(look: Random, pose: Random): string {
  const yellow = hsl(look.between(46, 56), look.between(85, 100), look.between(46, 56));
  const black = hsl(30, 20, 7);
  const width = look.between(13, 16);
  const bands = [8, 18, 28, 37]
    .map((y) => {
      const half = width * Math.sqrt(Math.max(0, 1 - ((y - 20) / 31) ** 2));
      return line(
        [
          [-half + 2, y],
          [0, y + look.between(1, 4)],
          [half - 2, y],
        ],
        yellow,
        5,
      );
    })
    .join('');
  const angle = pose.between(8, 38);
  return (
    legs({ at: [-24, -16, -8], reach: 34, colour: yellow, width: 2.4 }, pose) +
    antennae(-40, 20, black, 2.2, 0.8) +
    path(`M0,-4 C${width * 1.3},2 ${width * 1.1},34 0,54 C${-width * 1.1},34 ${-width * 1.3},2 0,-4`, {
      fill: black,
    }) +
    bands +
    ellipse(0, -18, 11, 13, black) +
    ellipse(7, -24, 2.5, 4, yellow) +
    ellipse(-7, -24, 2.5, 4, yellow) +
    ellipse(0, -37, 10, 8, yellow) +
    ellipse(0, -40, 6, 3, black) +
    clearWings({ y: -18, length: 58, width: 11, angle, opacity: 0.45, colour: '#d8b877' })
  );
}
