/**
 * A count that is expected to be `mean`, with a variance of `dispersion` times the mean: Poisson where the dispersion
 * is 1, negative binomial of size mean / (dispersion − 1) where it is larger.
 */
export interface CountDistribution {
  /** ≥ 0 */
  readonly mean: number;
  /** φ ≥ 1 */
  readonly dispersion: number;
}

/** Terms behind the mean that are smaller than this share of the sum change nothing. */
const NEGLIGIBLE = 1e-17;

/** P(Y ≥ count), summed from the tail's own side, so that small ones are exact. */
export function upperTail(distribution: CountDistribution, count: number): number {
  if (count <= 0) return 1;
  if (distribution.mean === 0) return 0;
  if (count <= distribution.mean) return 1 - lowerTail(distribution, count - 1);
  let sum = 0;
  for (let k = count, term = Math.exp(logMass(distribution, k)); ; k += 1) {
    sum += term;
    if (term <= sum * NEGLIGIBLE || term === 0) return Math.min(1, sum);
    term *= ratio(distribution, k);
  }
}

/** P(Y ≤ count) */
export function lowerTail(distribution: CountDistribution, count: number): number {
  if (count < 0) return 0;
  if (distribution.mean === 0) return 1;
  let sum = 0;
  let log = logMass(distribution, 0);
  for (let k = 0; k <= count; k += 1) {
    sum += Math.exp(log);
    log += Math.log(ratio(distribution, k));
  }
  return Math.min(1, sum);
}

/** The smallest count with P(Y ≤ count) ≥ probability. */
export function quantile(distribution: CountDistribution, probability: number): number {
  if (distribution.mean === 0) return 0;
  let sum = 0;
  let log = logMass(distribution, 0);
  for (let k = 0; ; k += 1) {
    sum += Math.exp(log);
    // The last bit of the sum must not decide.
    if (sum >= probability - 1e-12 || sum >= 1) return k;
    log += Math.log(ratio(distribution, k));
  }
}

/** P(Y = k + 1) / P(Y = k) */
function ratio({ mean, dispersion }: CountDistribution, k: number): number {
  if (dispersion <= 1) return mean / (k + 1);
  const size = mean / (dispersion - 1);
  return (((k + size) / (k + 1)) * (dispersion - 1)) / dispersion;
}

function logMass(distribution: CountDistribution, k: number): number {
  const { mean, dispersion } = distribution;
  const size = mean / (dispersion - 1);
  let log = dispersion <= 1 ? -mean : -size * Math.log(dispersion);
  for (let i = 0; i < k; i += 1) log += Math.log(ratio(distribution, i));
  return log;
}
