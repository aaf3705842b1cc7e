/** Pixels: left and top are in, right and bottom are not. */
interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The square around a detection: the shorter side grows to the length of the longer one, evenly to both sides, and is
 * moved into the frame where it would reach over its edge. What insect-detect's own post-processing does (version 2).
 *
 * @param box `[xMin, yMin, xMax, yMax]`, relative to the frame
 * @returns undefined where the box has no pixel
 */
export function squareBox(
  [xMin, yMin, xMax, yMax]: readonly [number, number, number, number],
  frame: { readonly width: number; readonly height: number },
): PixelBox | undefined {
  const left = Math.trunc(xMin * frame.width);
  const right = Math.trunc(xMax * frame.width);
  const top = Math.trunc(yMin * frame.height);
  const bottom = Math.trunc(yMax * frame.height);
  const width = right - left;
  const height = bottom - top;
  if (width < 1 || height < 1) return undefined;
  const side = Math.max(width, height);
  const across = grown(left, width, side, frame.width);
  const down = grown(top, height, side, frame.height);
  return { left: across.begin, width: across.length, top: down.begin, height: down.length };
}

/** A side that is longer than the frame is cut to it. */
function grown(begin: number, length: number, wanted: number, limit: number) {
  const even = Math.max(0, begin - Math.floor((wanted - length) / 2));
  const moved = Math.max(0, Math.min(even, limit - wanted));
  return { begin: moved, length: Math.min(wanted, limit - moved) };
}
