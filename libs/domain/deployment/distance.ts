/** Degrees, WGS 84. */
export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

/** Mean radius of the earth (IUGG). */
const EARTH_M = 6_371_009;

/** Metres between two places, on a sphere: wrong by at most 0.5 %. */
export function distanceM(a: Coordinates, b: Coordinates): number {
  const north = haversine(radians(b.latitude - a.latitude));
  const east = haversine(radians(b.longitude - a.longitude));
  const h = north + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * east;
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, h)));
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const haversine = (angle: number): number => Math.sin(angle / 2) ** 2;
