import { placeFor } from '../traps/index.js';
import { type ExportedDeployment, exportedTimes } from './deployment-index.js';

type Point = readonly [longitude: number, latitude: number];

export interface Coverage {
  /** Each place once; none where no place is known. */
  readonly points: readonly Point[];
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Where and when: of all deployments whose place is known. Where none is known, it is anywhere on earth. */
export function coverageOf(
  deployments: readonly ExportedDeployment[],
  nowMs: number,
  exact: boolean,
): Coverage {
  const places = deployments
    .map(({ stored }) => placeFor(exact, stored?.place))
    .filter((place) => place !== null);
  const times = deployments.map((deployment) => exportedTimes(deployment, nowMs));
  const least = (values: readonly number[], otherwise: number) =>
    values.reduce((a, b) => Math.min(a, b), values.length ? Infinity : otherwise);
  const most = (values: readonly number[], otherwise: number) =>
    -least(
      values.map((value) => -value),
      -otherwise,
    );
  const longitudes = places.map(({ longitude }) => longitude);
  const latitudes = places.map(({ latitude }) => latitude);
  const distinct = new Map(places.map((place) => [`${place.longitude} ${place.latitude}`, place]));
  return {
    points: [...distinct.values()].map(({ longitude, latitude }): Point => [longitude, latitude]),
    west: least(longitudes, -180),
    south: least(latitudes, -90),
    east: most(longitudes, 180),
    north: most(latitudes, 90),
    startMs: least(
      times.map(({ startMs }) => startMs),
      nowMs,
    ),
    endMs: most(
      times.map(({ endMs }) => endMs),
      nowMs,
    ),
  };
}
