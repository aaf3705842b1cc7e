import type { Random } from '../../random.js';
import { antennae, legs } from '../limbs.js';
import { ellipse, hsl, line } from '../shapes.js';

/** Three beads on long legs, no wings. */
export function ant(look: Random, pose: Random): string {
  const colour = hsl(look.between(5, 30), look.between(15, 60), look.between(8, 26));
  const dark = hsl(20, 30, 8);
  return (
    legs({ at: [-14, -6, 2], reach: 38, colour: dark, width: 2.4 }, pose) +
    antennae(-40, 24, dark, 2, pose.between(0.5, 0.9)) +
    line(
      [
        [0, -20],
        [0, 20],
      ],
      colour,
      4,
    ) +
    ellipse(0, -34, 10, 11, colour) +
    ellipse(0, -8, 7, 13, colour) +
    ellipse(0, 11, 4, 4, colour) +
    ellipse(0, 31, 13, look.between(17, 21), colour) +
    ellipse(4, 26, 3, 6, '#fff', { 'fill-opacity': 0.18 })
  );
}
