import type { Random } from '../../random.js';
import { antennae, legs } from '../limbs.js';
import { ellipse, hsl, line, path } from '../shapes.js';

/** A long shining shield, split down the middle, and long feelers. */
export function beetle(look: Random, pose: Random): string {
  const hue = look.pick([25, 95, 140, 210, 280]);
  const shield = hsl(hue + look.between(-10, 10), look.between(25, 70), look.between(15, 30));
  const dark = hsl(hue, 20, 8);
  const width = look.between(18, 22);
  const furrows = [-0.6, -0.3, 0.3, 0.6]
    .map((x) =>
      line(
        [
          [x * width, -8],
          [x * width * 0.8, 40],
        ],
        dark,
        0.9,
      ),
    )
    .join('');
  return (
    legs({ at: [-24, -6, 14], reach: 40, colour: dark, width: 3.2 }, pose) +
    antennae(-42, 34, dark, 2.2, pose.between(0.8, 1.2)) +
    ellipse(0, -42, 9, 8, dark) +
    path(`M-15,-34 Q0,-42 15,-34 L${width - 2},-16 L${-width + 2},-16 Z`, { fill: shield, stroke: dark }) +
    path(
      `M${-width},-16 L${width},-16 C${width + 3},20 12,48 0,52 C-12,48 ${-width - 3},20 ${-width},-16 Z`,
      {
        fill: shield,
        stroke: dark,
        'stroke-width': 1.5,
      },
    ) +
    furrows +
    line(
      [
        [0, -16],
        [0, 51],
      ],
      dark,
      1.8,
    ) +
    ellipse(-width * 0.45, 6, 3.5, 20, '#fff', { 'fill-opacity': look.between(0.15, 0.4) })
  );
}
