/** Round steps of an axis from 0 up to the most, or just above it: at most five. */
export function ticks(most: number): readonly number[] {
  const step = roundStep(Math.max(most, 1) / 4);
  const count = Math.ceil(Math.max(most, 1) / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => round(index * step));
}

/** 1, 2, 5 or 10 times a power of ten, not below the least; whole numbers, since visits are. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  return Math.max(1, power * ([1, 2, 5, 10].find((each) => each * power >= least) ?? 10));
}

/** Without the dust of binary fractions. */
const round = (value: number): number => Number(value.toPrecision(12));

/** Neighbours for which something holds, as one: `[0, 1, 3]` → `[[0, 2], [3, 4]]`, ends not included. */
export function spans(length: number, holds: (index: number) => boolean): (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let index = 0; index < length; index += 1) {
    if (!holds(index)) continue;
    const last = found.at(-1);
    if (last?.[1] === index) last[1] = index + 1;
    else found.push([index, index + 1]);
  }
  return found;
}

/** A number for a path: one digit behind the point is a tenth of a pixel. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);
