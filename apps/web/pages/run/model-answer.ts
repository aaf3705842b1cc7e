import type { Crop, Names } from '../../../../libs/api-types/index.js';

export interface RankedLabel {
  readonly label: string;
  readonly taxon?: string | undefined;
  readonly names?: Names | undefined;
  /** Mean over the pictures; labels that are not among the best of a picture count 0 there */
  readonly probability: number;
  /** Pictures in which it was first */
  readonly votes: number;
}
type Pictures = readonly Pick<Crop, 'classification'>[];

/** What the model says of all pictures of a run together, best first. */
export function rankLabels(crops: Pictures): RankedLabel[] {
  const answers = crops.flatMap(({ classification }) =>
    classification?.ranked.length ? [classification.ranked] : [],
  );
  const sums = new Map<
    string,
    { probability: number; votes: number; named: (typeof answers)[number][number] }
  >();
  for (const ranked of answers)
    ranked.forEach((named, rank) => {
      const sum = sums.get(named.label) ?? { probability: 0, votes: 0, named };
      sum.probability += named.probability / answers.length;
      if (rank === 0) sum.votes += 1;
      sums.set(named.label, sum);
    });
  return [...sums.values()]
    .map(({ named, probability, votes }) => ({ ...named, probability, votes }))
    .sort((a, b) => b.probability - a.probability || (a.label < b.label ? -1 : 1));
}

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
