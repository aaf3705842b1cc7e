/**
 * SVG in small pieces. An insect is drawn head up around (0, 0), about 100 units long; whoever places it turns and
 * scales it.
 */
type Attributes = Readonly<Record<string, string | number>>;

/** One decimal is finer than any pixel that comes of it. */
const short = (value: string | number): string =>
  typeof value === 'number' ? String(Math.round(value * 10) / 10) : value;

export function element(name: string, attributes: Attributes, inside = ''): string {
  const text = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${short(value)}"`)
    .join('');
  return `<${name}${text}>${inside}</${name}>`;
}

/** Hue in degrees, saturation and lightness in percent. */
export const hsl = (hue: number, saturation: number, lightness: number): string =>
  `hsl(${Math.round(((hue % 360) + 360) % 360)},${Math.round(saturation)}%,${Math.round(lightness)}%)`;

export const ellipse = (
  cx: number,
  cy: number,
  rx: number,
  ry: number,
  fill: string,
  more: Attributes = {},
): string => element('ellipse', { cx, cy, rx, ry, fill, ...more });

export const path = (d: string, more: Attributes): string => element('path', { d, ...more });

/** A line of some width, round at its ends, through the points. */
export function line(points: readonly (readonly [number, number])[], stroke: string, width: number): string {
  const list = points.map(([x, y]) => `${short(x)},${short(y)}`).join(' ');
  return element('polyline', {
    points: list,
    fill: 'none',
    stroke,
    'stroke-width': width,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  });
}

export const group = (transform: string, inside: string): string => element('g', { transform }, inside);

/** The same on both sides of the body. */
export const mirrored = (right: string): string => right + group('scale(-1 1)', right);
