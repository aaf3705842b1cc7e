import type { Run } from '../../../libs/api-types/index.js';
import { isWaiting } from '../api/reviews.js';
import { percent } from '../texts/format.js';
import { reviewWords } from '../texts/review.js';
import { shell } from '../texts/shell.js';
import { Icon } from './icon.js';

export type FirstKind = 'ever' | 'season' | 'return';

export const Reviewed = () => (
  <span class="mark seen">
    <Icon name="check" />
    {shell.reviewed}
  </span>
);

export const First = ({ kind }: { readonly kind: FirstKind }) => (
  <span class="mark first">
    {{ ever: shell.firstEver, season: shell.firstSeason, return: shell.firstReturn }[kind]}
  </span>
);

export const Uncertain = ({ probability }: { readonly probability: number | null }) => (
  <span class="mark uncertain">
    {shell.uncertain}
    {probability !== null && ` · ${percent(probability)}`}
  </span>
);

export const isUncertain = ({ observation, reviewed }: Run): boolean =>
  !reviewed && (observation?.unsure ?? false);

/** How sure a run is: at most one mark. */
export function Certainty({ run }: { readonly run: Run }) {
  if (isWaiting(run)) return <span class="mark uncertain">{reviewWords.notSaved}</span>;
  if (run.reviewed) return <Reviewed />;
  return isUncertain(run) ? <Uncertain probability={run.observation?.probability ?? null} /> : null;
}
