import type { Random } from '../random.js';
import { element, ellipse, group, hsl, path } from './shapes.js';

/** What insects sit on: [hue, saturation, lightness] from and to. */
const GROUNDS = [
  [
    [85, 30, 30],
    [125, 60, 55],
  ], // leaves
  [
    [48, 60, 55],
    [60, 95, 75],
  ], // yellow flower, or the platform of a trap
  [
    [0, 0, 75],
    [60, 15, 94],
  ], // white petals, paper
  [
    [20, 20, 25],
    [40, 45, 50],
  ], // soil, wood
  [
    [270, 25, 50],
    [330, 60, 75],
  ], // thistle, clover
  [
    [190, 5, 40],
    [220, 20, 65],
  ], // stone, shade
] as const;

/**
 * A ground with blots, blades and petals on it, and a shadow of something that is not seen itself.
 *
 * @param place what kind of ground it is
 * @param scene what lies on this part of it
 */
export function background(place: Random, scene: Random, width: number, height: number): string {
  const [from, to] = place.pick(GROUNDS);
  const tone = (lighter = 0): string =>
    hsl(
      scene.between(from[0], to[0]),
      scene.between(from[1], to[1]),
      Math.min(97, scene.between(from[2], to[2]) + lighter),
    );
  const span = Math.max(width, height);
  const things = Array.from({ length: scene.whole(2, 9) }, () => {
    const at = `translate(${scene.between(0, width).toFixed(0)} ${scene.between(0, height).toFixed(0)}) rotate(${scene.whole(0, 359)})`;
    const size = span * scene.between(0.05, 0.35);
    const opacity = { 'fill-opacity': scene.between(0.25, 0.9) };
    const form = scene.whole(0, 2);
    if (form === 0) return group(at, ellipse(0, 0, size, size * scene.between(0.3, 1), tone(), opacity));
    if (form === 1)
      return group(
        at,
        path(`M0,${-size * 1.6} Q${size * 0.3},0 0,${size * 1.6} Q${-size * 0.3},0 0,${-size * 1.6}`, {
          fill: tone(8),
          ...opacity,
        }),
      );
    const petal = ellipse(0, -size * 0.5, size * 0.2, size * 0.5, tone(12), opacity);
    const flower = [0, 60, 120, 180, 240, 300].map((turn) => group(`rotate(${turn})`, petal)).join('');
    return group(at, flower + ellipse(0, 0, size * 0.18, size * 0.18, hsl(48, 90, 50)));
  });
  const shadow = scene.chance(0.4)
    ? ellipse(
        scene.between(0, width),
        scene.between(0, height),
        span * 0.5,
        span * scene.between(0.1, 0.3),
        '#000',
        {
          'fill-opacity': scene.between(0.08, 0.3),
        },
      )
    : '';
  return element('rect', { width, height, fill: tone() }) + things.join('') + shadow;
}
