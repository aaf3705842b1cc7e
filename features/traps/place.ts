import type { Coordinates } from '../../libs/domain/index.js';

/** 0.1 degree of latitude are 11 km: enough for a map of a country, not enough to find a trap. */
const COARSE = 10;

interface Location {
  /** Degrees, WGS 84. */
  readonly latitude: number;
  readonly longitude: number;
  readonly exact: boolean;
}

/** Where a trap stands, as exactly as the user may know. */
export function placeFor(exact: boolean, place: Coordinates | null | undefined): Location | null {
  if (!place) return null;
  const { latitude, longitude } = place;
  return exact
    ? { latitude, longitude, exact }
    : { latitude: coarse(latitude), longitude: coarse(longitude), exact };
}

/** Of a place that bears no word on it: what a GPS receiver strays at worst. */
const GPS_M = 30;
/** What rounding to 0.1 degree adds, at most. Source: Chapman & Wieczorek (2020), doi.org/10.15468/doc-gg7h-s853, table 3. */
const COARSE_M = 15_691;

/** Metres around the place that `placeFor` gives within which the trap stands; null where nobody has said. */
export function uncertaintyFor(exact: boolean, uncertaintyM: number | null): number | null {
  return exact ? uncertaintyM : (uncertaintyM ?? GPS_M) + COARSE_M;
}

const coarse = (degrees: number): number => Math.round(degrees * COARSE) / COARSE;

/**
 * The fields of what a trap sent: all for those who may know its place, for others only those `named` here.
 * Anything else is the trap's own, and nobody can tell whether it is a place.
 */
export function fieldsFor(
  exact: boolean,
  payload: Readonly<Record<string, unknown>>,
  named: readonly string[],
  shownElsewhere: readonly string[] = [],
): Record<string, unknown> {
  const fields = Object.entries(payload);
  return Object.fromEntries(
    fields.filter(
      ([name]) => name !== 'v' && !shownElsewhere.includes(name) && (exact || named.includes(name)),
    ),
  );
}
