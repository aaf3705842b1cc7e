import type { CountDistribution } from './tails.js';

/** One past hour: what was counted, and for how long was looked. */
export interface BaselineHour {
  /** Visits, ≥ 0. */
  readonly count: number;
  /** Hours that were recorded, > 0. */
  readonly effortH: number;
}

/** Residuals above this belong to an outbreak of the past and are weighed down. */
const OUTBREAK_RESIDUAL = 2.58;

/**
 * What is to be expected of an hour with this effort, from past hours like it: a rate per hour of effort, and how much
 * wilder than Poisson the past was. Outbreaks of the past are weighed down and the rate is fitted once more.
 *
 * Source: Farrington et al. 1996, J. R. Stat. Soc. A 159:547–563, with the re-weighting of Noufaily et al. 2013,
 * Statistics in Medicine 32(7):1206–1222, without trend; as `farringtonFlexible` of the R package surveillance does it.
 *
 * @param baseline at least two hours
 * @param effortH of the hour in question
 */
export function expectationOf(baseline: readonly BaselineHour[], effortH: number): CountDistribution {
  const flat = baseline.map(() => 1);
  const first = fitRate(baseline, flat);
  const { rate, dispersion } = fitRate(baseline, weightsAgainstOutbreaks(baseline, first));
  return { mean: rate * effortH, dispersion };
}

interface Fit {
  /** Visits per hour of effort. */
  readonly rate: number;
  /** φ ≥ 1 */
  readonly dispersion: number;
}

/** A Poisson regression with nothing but the effort in it has this closed form. */
function fitRate(baseline: readonly BaselineHour[], weights: readonly number[]): Fit {
  let counts = 0;
  let efforts = 0;
  for (const [i, { count, effortH }] of baseline.entries()) {
    counts += (weights[i] as number) * count;
    efforts += (weights[i] as number) * effortH;
  }
  const rate = counts / efforts;
  if (rate === 0) return { rate, dispersion: 1 };
  let squares = 0;
  for (const [i, { count, effortH }] of baseline.entries()) {
    const mean = rate * effortH;
    squares += ((weights[i] as number) * (count - mean) ** 2) / mean;
  }
  return { rate, dispersion: Math.max(1, squares / (baseline.length - 1)) };
}

/** Weights by Anscombe residuals: the inverse square of a residual that is too large, scaled so that they sum up to n. */
function weightsAgainstOutbreaks(baseline: readonly BaselineHour[], { rate, dispersion }: Fit): number[] {
  if (rate === 0) return baseline.map(() => 1);
  const efforts = baseline.reduce((sum, { effortH }) => sum + effortH, 0);
  const raw = baseline.map(({ count, effortH }) => {
    const mean = rate * effortH;
    const leverage = effortH / efforts;
    const residual =
      (1.5 * (count ** (2 / 3) * mean ** (-1 / 6) - Math.sqrt(mean))) /
      Math.sqrt(dispersion * (1 - leverage));
    return residual > OUTBREAK_RESIDUAL ? residual ** -2 : 1;
  });
  const scale = raw.length / raw.reduce((sum, weight) => sum + weight, 0);
  return raw.map((weight) => weight * scale);
}
