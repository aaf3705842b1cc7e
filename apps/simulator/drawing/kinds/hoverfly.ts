import type { Random } from '../../random.js';
import { clearWings, legs } from '../limbs.js';
import { ellipse, hsl, path } from '../shapes.js';

/** Large red eyes, one pair of wings spread wide, and orange half-moons on a flat abdomen. */
export function hoverfly(look: Random, pose: Random): string {
  const orange = hsl(look.between(32, 44), look.between(80, 100), look.between(52, 62));
  const bronze = hsl(look.between(45, 80), 30, look.between(18, 28));
  const eyes = hsl(look.between(0, 14), look.between(50, 75), look.between(26, 36));
  const moons = [6, 19, 32]
    .map((y) =>
      [1, -1]
        .map((side) =>
          path(
            `M${side * 2},${y + 2} Q${side * 9},${y - 5} ${side * 14},${y} Q${side * 9},${y + 6} ${side * 2},${y + 6} Z`,
            {
              fill: orange,
            },
          ),
        )
        .join(''),
    )
    .join('');
  return (
    legs({ at: [-20, -14, -6], reach: 24, colour: '#3a3020', width: 2 }, pose) +
    ellipse(0, 20, 17, 28, '#1c1712') +
    moons +
    ellipse(0, -14, 15, 14, bronze) +
    ellipse(0, -5, 8, 4, orange, { 'fill-opacity': 0.7 }) +
    ellipse(9, -33, 10, 9, eyes) +
    ellipse(-9, -33, 10, 9, eyes) +
    ellipse(0, -35, 4, 6, '#d8c890') +
    clearWings({ y: -14, length: 56, width: 20, angle: pose.between(55, 88), opacity: 0.42 })
  );
}
