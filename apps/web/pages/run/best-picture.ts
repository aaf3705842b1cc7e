import type { Crop } from '../../../../libs/api-types/index.js';

/** The picture to show first: the one in which the model is surest of the label, else of anything; else the first. */
export function bestPicture(
  crops: readonly Pick<Crop, 'classification' | 'removed'>[],
  label: string | undefined,
): number {
  const scoreOf = ({ classification, removed }: (typeof crops)[number]): number => {
    if (removed) return -1;
    const ranked = classification?.ranked ?? [];
    return ranked.find((each) => each.label === label)?.probability ?? (ranked[0]?.probability ?? 0) / 100;
  };
  let best = 0;
  crops.forEach((crop, index) => {
    if (scoreOf(crop) > scoreOf(crops[best] as (typeof crops)[number])) best = index;
  });
  return best;
}
