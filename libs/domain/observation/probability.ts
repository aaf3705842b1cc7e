/**
 * Probabilities closer than this are equal. Models answer in float32, where 0.35 is 0.34999999403953552: a value as
 * it was meant differs by at most 6e-8 from what arrives, and a mean over a run's crops by little more.
 */
export const PROBABILITY_TOLERANCE = 1e-6;

/** The smallest number that counts as `threshold`; also for queries: `probability >= atLeast(threshold)`. */
export const atLeast = (threshold: number): number => threshold - PROBABILITY_TOLERANCE;

/** Whether a probability reaches a threshold. The opposite is "below the threshold". */
export const reaches = (probability: number, threshold: number): boolean => probability >= atLeast(threshold);
