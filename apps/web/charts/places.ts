export interface Located {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
}
export interface OnMap<T> {
  readonly place: T;
  readonly x: number;
  readonly y: number;
  /** Where its name stands: beside the mark, moved so that no two names touch */
  readonly nameY: number;
  readonly nameSide: 'left' | 'right';
}
export interface PlaceMap<T> {
  readonly marks: readonly OnMap<T>[];
  /** Lines of the grid, one unit of the scale apart */
  readonly xLines: readonly number[];
  readonly yLines: readonly number[];
  readonly scale: { readonly metres: number; readonly width: number };
}

const METRES_PER_DEGREE = 111_320;
const STEPS = [1, 2, 5];
const NAME_HEIGHT = 14;
/** Of a letter, about: a browser is not asked, so that the map is drawn at once. */
const LETTER_WIDTH = 6.6;
const FROM_MARK = 9;
/** Of one trap, or of several at one place: this much of the country is shown. */
const LEAST_M = 200;
/** Of places rounded to 0.1°: a map must not look more exact than they are. */
const LEAST_ROUNDED_M = 30_000;

/**
 * Places on a plane, as on a small map: true at its middle, good enough for some hundred kilometres.
 *
 * @param width and height of the map, padding included, in pixels
 */
export function placeMap<T extends Located>(
  places: readonly T[],
  width: number,
  height: number,
  { isRounded = false, padding = 28 }: { readonly isRounded?: boolean; readonly padding?: number } = {},
): PlaceMap<T> {
  const middle = (of: (place: T) => number) => {
    const all = places.map(of);
    return (Math.min(...all) + Math.max(...all)) / 2;
  };
  const midLat = middle(({ latitude }) => latitude);
  const midLon = middle(({ longitude }) => longitude);
  const perLon = METRES_PER_DEGREE * Math.cos((midLat * Math.PI) / 180);
  const metres = places.map((place) => ({
    place,
    east: (place.longitude - midLon) * perLon,
    north: (place.latitude - midLat) * METRES_PER_DEGREE,
  }));
  const most = (of: (each: (typeof metres)[number]) => number) =>
    Math.max(
      isRounded ? LEAST_ROUNDED_M : LEAST_M,
      2 * Math.max(...metres.map((each) => Math.abs(of(each)))),
    );
  const perMetre = Math.min(
    (width - 2 * padding) / most(({ east }) => east),
    (height - 2 * padding) / most(({ north }) => north),
  );
  const marks = metres
    .map(({ place, east, north }) => ({
      place,
      x: width / 2 + east * perMetre,
      y: height / 2 - north * perMetre,
    }))
    .sort((a, b) => a.y - b.y);
  const unit = roundLength(width / 3.5 / perMetre);
  const gap = unit * perMetre;
  return {
    marks: withNames(marks, width),
    xLines: lines(width, gap),
    yLines: lines(height, gap),
    scale: { metres: unit, width: gap },
  };
}

/** The largest of 1, 2, 5, 10 … metres that is not longer. */
export function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres));
  const step = STEPS.findLast((each) => each * power <= metres) ?? 1;
  return step * power;
}

const lines = (size: number, gap: number): number[] => {
  const first = (size / 2) % gap;
  return Array.from({ length: Math.floor((size - first) / gap) + 1 }, (_, index) => first + index * gap);
};

interface Box {
  readonly left: number;
  readonly right: number;
  readonly middle: number;
}
const touch = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && Math.abs(a.middle - b.middle) < NAME_HEIGHT;

/** Each name goes to the right of its mark, or to the left, or lower and lower, until it touches nothing. */
function withNames<T extends Located>(
  marks: readonly { place: T; x: number; y: number }[],
  width: number,
): OnMap<T>[] {
  const taken: Box[] = marks.map(({ x, y }) => ({ left: x - 6, right: x + 6, middle: y }));
  return marks.map((mark) => {
    const length = mark.place.name.length * LETTER_WIDTH;
    const places = [0, 1, -1, 2, -2, 3, -3, 4, 5].flatMap((line) =>
      (['right', 'left'] as const).map((nameSide) => {
        const from = nameSide === 'right' ? mark.x + FROM_MARK : mark.x - FROM_MARK - length;
        return { nameSide, left: from, right: from + length, middle: mark.y + line * NAME_HEIGHT };
      }),
    );
    const isFree = (box: Box) =>
      box.left >= 0 && box.right <= width && !taken.some((other) => touch(box, other));
    const box = places.find(isFree) ?? (places[mark.x > width / 2 ? 1 : 0] as (typeof places)[number]);
    taken.push(box);
    return { ...mark, nameY: box.middle, nameSide: box.nameSide };
  });
}
