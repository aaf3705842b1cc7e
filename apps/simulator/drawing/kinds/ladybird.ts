import type { Random } from '../../random.js';
import { legs } from '../limbs.js';
import { ellipse, hsl, line } from '../shapes.js';

/** Round and red to yellow with black spots, a black head with white cheeks. */
export function ladybird(look: Random, pose: Random): string {
  const shell = hsl(
    look.pick([2, 8, 18, 42]) + look.between(-3, 3),
    look.between(80, 95),
    look.between(42, 54),
  );
  const black = '#141010';
  const size = look.between(4.5, 7.5);
  const places = look
    .shuffled([
      [14, -14],
      [26, 2],
      [11, 10],
      [24, 22],
      [10, 32],
    ] as const)
    .slice(0, look.whole(3, 5));
  const spots = places.map(([x, y]) => ellipse(x, y, size, size, black) + ellipse(-x, y, size, size, black));
  return (
    legs({ at: [-20, 0, 20], reach: 46, colour: black, width: 3.2 }, pose) +
    ellipse(0, -40, 13, 9, black) +
    ellipse(0, -29, 24, 12, black) +
    ellipse(14, -33, 5, 4, '#f4f0e4') +
    ellipse(-14, -33, 5, 4, '#f4f0e4') +
    ellipse(0, 8, 38, 37, shell) +
    line(
      [
        [0, -27],
        [0, 45],
      ],
      black,
      2,
    ) +
    ellipse(0, -22, 5, 5, black) +
    spots.join('') +
    ellipse(-15, -8, 7, 4, '#fff', { 'fill-opacity': 0.4 })
  );
}
