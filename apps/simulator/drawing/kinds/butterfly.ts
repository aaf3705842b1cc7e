import type { Random } from '../../random.js';
import { antennae } from '../limbs.js';
import { ellipse, group, hsl, mirrored, path } from '../shapes.js';

/** Four broad wings of one colour with a dark edge and spots, and a thin body. */
export function butterfly(look: Random, pose: Random): string {
  const hue = look.pick([24, 50, 205, 350, 60]);
  const isPale = look.chance(0.3);
  const colour = hsl(hue + look.between(-8, 8), isPale ? 25 : 85, isPale ? 88 : look.between(48, 60));
  const edge = hsl(25, 35, look.between(10, 26));
  const spot = look.chance(0.5) ? edge : '#f4efe2';
  const outline = { fill: colour, stroke: edge, 'stroke-width': look.between(3, 6) };
  const fore = 'M2,-14 C14,-48 48,-58 58,-44 C64,-30 44,-4 2,-2 Z';
  const hind = 'M2,-4 C34,-6 50,8 44,26 C38,42 14,40 2,8 Z';
  const wing =
    path(hind, outline) +
    path(fore, outline) +
    ellipse(look.between(34, 42), -34, look.between(3, 7), 5, spot) +
    ellipse(30, 16, look.between(3, 6), 4, spot);
  // Half closed wings look narrower from above.
  const open = pose.between(0.62, 1);
  return (
    group(`scale(${open.toFixed(2)} 1)`, mirrored(wing)) +
    antennae(-24, 26, edge, 1.6, 0.5) +
    ellipse(0, 4, 4, 26, edge) +
    ellipse(0, -24, 4.5, 5, edge)
  );
}
