/**
 * Numbers without a pattern, the same every time: a linear congruential generator (Press et al., Numerical Recipes).
 *
 * @returns gives the next one, from 0 to 2³² - 1; its upper bits are the better ones
 */
export function noise(seed: number): () => number {
  // Looked up once: where tests run, each look at a global takes as long as all the rest.
  const { imul } = Math;
  let state = seed;
  return () => {
    state = (imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
}
