import type { Random } from '../../random.js';
import { antennae, clearWings, legs } from '../limbs.js';
import { ellipse, hsl, line } from '../shapes.js';

/** Plump, brown and hairy, with faint bands and two pairs of wings. */
export function bee(look: Random, pose: Random): string {
  const hue = look.between(24, 40);
  const brown = hsl(hue, look.between(35, 60), look.between(24, 36));
  const pale = hsl(hue + 6, 45, look.between(48, 60));
  const dark = hsl(25, 40, 11);
  const abdomen = look.between(19, 23);
  const bands = [12, 22, 32]
    .map((y) =>
      ellipse(0, y, abdomen * (1 - ((y - 18) / 45) ** 2) * 0.98, 2.6, pale, { 'fill-opacity': 0.75 }),
    )
    .join('');
  const hairs = Array.from({ length: 26 }, (_, i) => {
    const angle = (i / 26) * 2 * Math.PI;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    return line(
      [
        [x * 15, -15 + y * 14],
        [x * 20, -15 + y * 18],
      ],
      pale,
      1.4,
    );
  }).join('');
  const angle = pose.between(25, 60);
  return (
    legs({ at: [-22, -14, -4], reach: 30, colour: dark, width: 3 }, pose) +
    antennae(-38, 15, dark, 2, 0.7) +
    ellipse(0, 20, abdomen, 29, brown) +
    bands +
    ellipse(0, 44, 6, 5, dark) +
    hairs +
    ellipse(0, -15, 16, 15, hsl(hue, 45, 34)) +
    ellipse(0, -36, 11, 9, dark) +
    clearWings({ y: -14, length: 50, width: 19, angle, opacity: 0.5 }) +
    clearWings({ y: -8, length: 36, width: 14, angle: angle * 0.55, opacity: 0.4 })
  );
}
